// Settings for people: the value in force and its source, never a secret.
import { SETTINGS, type Setting } from '../settings/settings.ts'
import { given, type Options, read } from './usage.ts'

const hidden = '(hidden)'

interface Shown {
  readonly flag: string
  readonly value: unknown
  readonly source: string
}

/** All settings in force, by flag; secrets hidden. */
export const settingsShown = (options: Options): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.values(SETTINGS).map((setting) => {
      const { flag, value } = show(setting, options)
      return [flag, value]
    }),
  )

/** What is not set has no value. */
export const show = (setting: Setting<unknown>, options: Options): Shown => {
  const { text, source } = given(setting, options)
  const { flag, isSecret = false, env } = setting
  const value = text === '' ? null : isSecret ? hidden : read(setting, options)
  return { flag, value, source: source === 'environment' ? env : source }
}
