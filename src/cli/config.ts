// pushledger config: the settings that serve would run with, and where each comes from. Opens nothing;
// refuses what serve would refuse. Never shows a secret.
import type { Command } from 'commander'
import { SETTINGS, type Setting } from '../config.ts'
import { columnsOf } from './columns.ts'
import { settingsOf } from './serve.ts'
import { addJson, addSetting, given, type Options, print, read } from './usage.ts'

const hidden = '(hidden)'

export const addConfig = (program: Command): void => {
  const verb = program
    .command('config')
    .description('print the settings that serve would run with, and where each comes from')
  for (const setting of Object.values(SETTINGS)) addSetting<unknown>(verb, setting)
  addJson(verb).action(run)
}

interface Shown {
  readonly flag: string
  readonly value: unknown
  readonly source: string
}

const run = (options: Options): void => {
  settingsOf(options)
  const shown = Object.values(SETTINGS).map((setting) => show(setting, options))
  if (options['json']) {
    const entries = shown.map(({ flag, value, source }) => [flag, { value, source }])
    print(JSON.stringify(Object.fromEntries(entries)))
    return
  }
  const columns = ['SETTING', 'VALUE', 'FROM'].map((name) => ({ name, isNumber: false }))
  const rows = shown.map(({ flag, value, source }) => [`--${flag}`, `${value ?? '-'}`, source])
  print(columnsOf(columns, rows))
}

/** What is not set has no value. */
const show = (setting: Setting<unknown>, options: Options): Shown => {
  const { text, source } = given(setting, options)
  const { flag, isSecret = false, env } = setting
  const value = text === '' ? null : isSecret ? hidden : read(setting, options)
  return { flag, value, source: source === 'environment' ? env : source }
}
