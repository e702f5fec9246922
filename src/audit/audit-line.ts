// One line of the audit log: actor, action, target and outcome. It never contains a secret, a token or a
// password.
import { userInfo } from 'node:os'

/** A user of this machine, or a caller over the network. */
export type Actor =
  | { readonly user: string; readonly pid: number }
  | { readonly address: string; readonly key: string | null }

/** Keys, ids, paths and counts. JSON omits undefined members. */
export type Target = Readonly<Record<string, string | number | boolean | undefined>>

export interface AuditEntry {
  readonly actor: Actor
  /** The verb, such as `app create`, or `login`. */
  readonly action: string
  readonly target: Target
  readonly outcome: 'done' | 'failed' | 'rejected'
  /** The number of events, if the line may be about several. */
  readonly count?: number
}

/** The members that name something that exists, once the verb is done. */
const names = new Set(['app', 'group', 'token'])
/** Secrets and tokens have such runs; names of people and paths rarely do. */
const secretLike = /[A-Za-z0-9]{20,}/g
const shownChars = 4

/**
 * The target with every text shortened that may be a secret in the wrong place. People confuse a key and its
 * secret, which look alike, so a key is written in full only if the verb found what it names.
 */
export const withoutSecrets = (target: Target, isDone: boolean): Target =>
  Object.fromEntries(
    Object.entries(target).map(([name, value]) => {
      const isKnown = isDone && names.has(name)
      if (typeof value !== 'string' || isKnown) return [name, value]
      return [name, value.replace(secretLike, (run) => `${run.slice(0, shownChars)}…`)]
    }),
  )

/** JSON without a line break. */
export const auditLineOf = (entry: AuditEntry, nowMs: number): string =>
  JSON.stringify({ time: new Date(nowMs).toISOString(), ...entry })

/** A line about this process; its user is the actor. */
export const ownLineOf = (did: Omit<AuditEntry, 'actor' | 'count'>, nowMs: number): string =>
  auditLineOf({ actor: ownActor(), ...did }, nowMs)

/** The number of the user if the system has no name for it, as in many containers. */
const ownActor = (): Actor => {
  const { pid } = process
  try {
    return { user: userInfo().username, pid }
  } catch {
    return { user: `uid ${process.getuid?.() ?? 'unknown'}`, pid }
  }
}
