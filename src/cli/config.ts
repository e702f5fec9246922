// pushledger config: the settings that serve would run with, and where each comes from. Opens nothing;
// refuses what serve would refuse. Never shows a secret.
import type { Command } from 'commander'
import { SETTINGS } from '../settings/settings.ts'
import { columnsOf } from './columns.ts'
import { settingsOf } from './serve.ts'
import { show } from './shown-setting.ts'
import { addJson, addSetting, type Options, print } from './usage.ts'

export const addConfig = (program: Command): void => {
  const verb = program
    .command('config')
    .description('print the settings that serve would run with, and where each comes from')
  for (const setting of Object.values(SETTINGS)) addSetting<unknown>(verb, setting)
  addJson(verb).action(run)
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
