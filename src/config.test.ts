// The table of settings: what wins, what is refused, and that the reference page tells all of it.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { SETTINGS, settingOf } from './config.ts'

describe('a setting', () => {
  it('is the flag, else the environment, else the default', () => {
    const environment = { PUSHLEDGER_PORT: '2' }
    expect(settingOf(SETTINGS.port, '1', environment)).toBe(1)
    expect(settingOf(SETTINGS.port, undefined, environment)).toBe(2)
    expect(settingOf(SETTINGS.port, undefined, { PUSHLEDGER_PORT: '' })).toBe(8787)
    expect(settingOf(SETTINGS.port, undefined, {})).toBe(8787)
  })

  it.each(Object.values(SETTINGS))('$flag has a lawful default', (setting) => {
    expect(settingOf<unknown>(setting, undefined, {})).toBeDefined()
    expect(setting.env).toBe(`PUSHLEDGER_${setting.flag.toUpperCase().replaceAll('-', '_')}`)
  })

  it.each([
    [SETTINGS.port, '65536', '--port must be a whole number from 0 to 65535'],
    [SETTINGS.port, '-1', '--port must be'],
    [SETTINGS.port, '80.5', '--port must be'],
    [SETTINGS.port, '', '--port must be'],
    [SETTINGS.keepDays, '0', '--keep-days must be'],
    [SETTINGS.rateLimit, '1e3', '--rate-limit must be'],
    [SETTINGS.logLevel, 'loud', '--log-level must be one of'],
    [SETTINGS.data, '', '--data must be a directory'],
  ])('$flag %s is refused', (setting, text, message) => {
    expect(() => settingOf<unknown>(setting, text, {})).toThrow(message)
  })

  it('that is wrong in the environment is told by its name there', () => {
    const read = () => settingOf(SETTINGS.port, undefined, { PUSHLEDGER_PORT: 'x' })
    expect(read).toThrow('PUSHLEDGER_PORT must be')
  })
})

describe('docs/reference/settings.md', () => {
  const page = readFileSync(new URL('../docs/reference/settings.md', import.meta.url), 'utf8')
  it.each(Object.values(SETTINGS))('tells $flag', ({ flag, env, byDefault, text, rule }) => {
    expect(page).toContain(`| \`--${flag}\` | \`${env}\` | \`${byDefault}\` | ${text} | ${rule} |`)
  })
})
