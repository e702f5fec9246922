// What every verb shares: options made from the table of settings, arguments parsed at the door, and
// the words on stdout. Knows no verb.
import { type Command, InvalidArgumentError, Option } from 'commander'
import { type Given, givenFor, SETTINGS, type Setting, settingOf } from '../settings/settings.ts'

/** Refused or failed, with a sentence that says what to do; exit code 1. */
export class Refused extends Error {
  override readonly name = 'Refused'
}

/** Options that do not go together; exit code 2. */
export class WrongUsage extends Error {
  override readonly name = 'WrongUsage'
}

/** The options of a verb as commander hands them over: text, or whether a switch was given. */
export type Options = Readonly<Record<string, string | boolean | undefined>>

/** Adds a setting's option; its default is told in the help and applied by `read`. */
export const addSetting = <T>(command: Command, setting: Setting<T>): Command => {
  const { flag, value, text, byDefault, env } = setting
  const help = `${text} (${byDefault === '' ? '' : `default: ${byDefault}, `}env: ${env})`
  return command.addOption(new Option(`--${flag} <${value}>`, help))
}

/** The value of a setting from a verb's options, the environment or its default. */
export const read = <T>(setting: Setting<T>, options: Options): T =>
  settingOf(setting, flagIn(options, setting))

/** What `read` reads it from. */
export const given = (setting: Setting<unknown>, options: Options): Given =>
  givenFor(setting, flagIn(options, setting))

const flagIn = (options: Options, { flag }: Setting<unknown>): string | undefined => {
  const name = flag.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
  const option = options[name]
  return typeof option === 'string' ? option : undefined
}

/** The help of a verb that creates a missing directory says so. */
export const addData = (command: Command, isMade = false): Command => {
  const data = isMade ? SETTINGS.data : { ...SETTINGS.data, text: 'the data directory' }
  return addSetting(addSetting(command, data), SETTINGS.mapSize)
}

/** The directory, or the ClickHouse in place of it. */
export const addStore = (command: Command, isMade = false): Command =>
  addSetting<unknown>(addData(command, isMade), {
    ...SETTINGS.store,
    text: 'the ClickHouse that holds the ledger, in place of the directory',
  })

export const addJson = (command: Command): Command =>
  command.option('--json', 'print JSON, for scripts')

/** Turns a parse function into one for commander: what it refuses is wrong usage. */
export const orUsage =
  <T>(parse: (text: string) => T | undefined, rule: string) =>
  (text: string): T => {
    const value = parse(text)
    if (value === undefined) throw new InvalidArgumentError(`It must be ${rule}.`)
    return value
  }

export const print = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

/** Columns as wide as their widest cell. */
export const tableOf = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
