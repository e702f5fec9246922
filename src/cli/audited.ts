// Verbs that change who may do what, or carry data in or out, leave one line in the audit log: of the
// directory that they work on, or on stderr where the ledger is elsewhere. A line that cannot be written
// is a sentence on stderr; what the verb did stays done.
import type { Command } from 'commander'
import { appendAuditLine, auditFiles } from '../audit/audit-file.ts'
import { ownLineOf, type Target } from '../audit/audit-line.ts'
import { systemClock } from '../clock.ts'
import { SETTINGS, SettingError } from '../config.ts'
import { hasLedger } from '../store/open.ts'
import { type Options, read, WrongUsage } from './usage.ts'

/** The directory that a verb with these options works on; undefined where it works on none. */
export type AuditPlace = (options: Options) => string | undefined

export const atData: AuditPlace = (options) => read(SETTINGS.data, options)

export const atStore: AuditPlace = (options) =>
  read(SETTINGS.store, options) === null ? atData(options) : undefined

interface Audited<A extends readonly unknown[]> {
  readonly at: AuditPlace
  /** What the arguments name; never a secret. */
  readonly target: (args: NoInfer<A>) => Target
  /** May return more of it, which only its work shows. */
  readonly verb: (...args: A) => Promise<Target> | Promise<void>
}

/** The action of such a verb: commander hands over the arguments, the options and the command. */
export const audited =
  <A extends readonly unknown[]>({ at, target, verb }: Audited<A>) =>
  async (...given: [...A, Command]): Promise<void> => {
    const args = given.slice(0, -1) as unknown as A
    const command = given.at(-1) as Command
    const leave = (outcome: 'done' | 'failed', more: Target = {}): Promise<void> => {
      const did = { action: nameOf(command), target: { ...target(args), ...more }, outcome }
      return writeLine(at(args.at(-1) as Options), ownLineOf(did, systemClock()))
    }
    let found: Target | undefined
    try {
      found = (await verb(...args)) as Target | undefined
    } catch (error) {
      // Nothing was tried: like an option that does not exist.
      const isUsage = error instanceof WrongUsage || error instanceof SettingError
      if (!isUsage) await leave('failed')
      throw error
    }
    await leave(process.exitCode === undefined ? 'done' : 'failed', found)
  }

/** As it was typed, without the program: `app create`. */
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
  // A mistyped directory: nothing was done, and none is to be made for a line.
  if (!hasLedger(dir)) return
  try {
    await appendAuditLine(dir, auditFiles.verbs, line)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    process.stderr.write(`The audit log in ${dir} cannot be written: ${why}. Its line: ${line}\n`)
  }
}
