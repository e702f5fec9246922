// Verbs that change something or export data leave one line in the audit log of their directory, or on
// stderr if the ledger is in a database. If the line cannot be written, the verb still does its work and
// prints the line to stderr.
import type { Command } from 'commander'
import { appendAuditLine, auditFiles } from '../audit/audit-file.ts'
import { ownLineOf, type Target, withoutSecrets } from '../audit/audit-line.ts'
import { systemClock } from '../runtime/clock.ts'
import { SETTINGS, SettingError } from '../settings/settings.ts'
import { hasLedger } from '../store/open.ts'
import { type Options, read, WrongUsage } from './usage.ts'

/** The data directory of a verb with these options; undefined if there is none. */
export type AuditPlace = (options: Options) => string | undefined

export const atData: AuditPlace = (options) => read(SETTINGS.data, options)

export const atStore: AuditPlace = (options) =>
  read(SETTINGS.store, options) === null ? atData(options) : undefined

interface Audited<A extends readonly unknown[]> {
  readonly at: AuditPlace
  /** The part of the target that the arguments name; never a secret. */
  readonly target: (args: NoInfer<A>) => Target
  /** May return more of the target, such as a new key. */
  readonly verb: (...args: A) => Promise<Target> | Promise<void>
}

/** The action of an audited verb. Commander passes the arguments, the options and the command. */
export const audited =
  <A extends readonly unknown[]>({ at, target, verb }: Audited<A>) =>
  async (...given: [...A, Command]): Promise<void> => {
    const args = given.slice(0, -1) as unknown as A
    const command = given.at(-1) as Command
    const leave = (outcome: 'done' | 'failed', more: Target = {}): Promise<void> => {
      const shown = withoutSecrets({ ...target(args), ...more }, outcome === 'done')
      const did = { action: nameOf(command), target: shown, outcome }
      return writeLine(at(args.at(-1) as Options), ownLineOf(did, systemClock()))
    }
    let found: Target | undefined
    try {
      found = (await verb(...args)) as Target | undefined
    } catch (error) {
      // Wrong usage leaves no line: nothing was tried.
      const isUsage = error instanceof WrongUsage || error instanceof SettingError
      if (!isUsage) await leave('failed')
      throw error
    }
    await leave(process.exitCode === undefined ? 'done' : 'failed', found)
  }

/** The full name without the program, such as `app create`. */
const nameOf = (command: Command): string => {
  const { parent } = command
  const isOfProgram = parent === null || parent.parent === null
  return isOfProgram ? command.name() : `${nameOf(parent)} ${command.name()}`
}

const writeLine = async (dir: string | undefined, line: string): Promise<void> => {
  if (dir === undefined) {
    process.stderr.write(`${line}\n`)
    return
  }
  // Do not create a mistyped directory for a line about nothing.
  if (!hasLedger(dir)) return
  try {
    await appendAuditLine(dir, auditFiles.verbs, line)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    process.stderr.write(`The audit log in ${dir} cannot be written: ${why}. Its line: ${line}\n`)
  }
}
