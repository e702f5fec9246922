// One line of the audit log: who did what to what, and how it ended. Never holds a secret, a token or a
// password: the caller names keys and ids alone.
import { userInfo } from 'node:os'

/** Who acted: a person on the machine, or a caller over the network. */
export type Actor =
  | { readonly user: string; readonly pid: number }
  | { readonly address: string; readonly key: string | null }

/** What was acted on, by name: keys, ids, paths, counts. A member that is undefined is left out. */
export type Target = Readonly<Record<string, string | number | boolean | undefined>>

export interface AuditEntry {
  readonly actor: Actor
  /** The verb, such as `app create`, or `log-in`. */
  readonly action: string
  readonly target: Target
  readonly outcome: 'done' | 'failed' | 'refused'
  /** How many events the line stands for, where it may be more than one. */
  readonly count?: number
}

/** JSON without a line break. */
export const auditLineOf = (entry: AuditEntry, nowMs: number): string =>
  JSON.stringify({ time: new Date(nowMs).toISOString(), ...entry })

/** The line of what this process did for whoever started it. */
export const ownLineOf = (did: Omit<AuditEntry, 'actor' | 'count'>, nowMs: number): string =>
  auditLineOf({ actor: ownActor(), ...did }, nowMs)

/** A user is known by number where the system's list has no name, as in many containers. */
const ownActor = (): Actor => {
  const { pid } = process
  try {
    return { user: userInfo().username, pid }
  } catch {
    return { user: `uid ${process.getuid?.() ?? 'unknown'}`, pid }
  }
}
