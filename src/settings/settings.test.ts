// The table of settings: what wins, what is refused, and that the reference page tells all of it.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  CALLER_SETTINGS,
  handedSocket,
  IMPORT_SETTINGS,
  SETTINGS,
  SettingError,
  settingOf,
} from './settings.ts'

describe('a setting', () => {
  it('is the flag, else the environment, else the default', () => {
    const environment = { PUSHLEDGER_PORT: '2' }
    expect(settingOf(SETTINGS.port, '1', environment)).toBe(1)
    expect(settingOf(SETTINGS.port, undefined, environment)).toBe(2)
    expect(settingOf(SETTINGS.port, undefined, { PUSHLEDGER_PORT: '' })).toBe(8787)
    expect(settingOf(SETTINGS.port, undefined, {})).toBe(8787)
  })

  it.each(Object.values(SETTINGS))('$flag has a lawful default', (setting) => {
    expect(() => settingOf<unknown>(setting, undefined, {})).not.toThrow()
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
    [SETTINGS.corsOrigin, '*', '--cors-origin must be origins'],
    [SETTINGS.corsOrigin, 'https://a.example/', '--cors-origin must be origins'],
    [SETTINGS.corsOrigin, 'https://a.example, https://b.example', '--cors-origin must be origins'],
    [SETTINGS.corsOrigin, 'https://a.example:443', '--cors-origin must be origins'],
    [SETTINGS.keepAliveTimeout, '0', '--keep-alive-timeout must be a whole number from 1 to'],
    [SETTINGS.console, 'yes', '--console must be on or off'],
    [SETTINGS.metricsToken, 'too-short', '--metrics-token must be 16 to 200 visible'],
    [SETTINGS.otlpUrl, 'collector:4318', '--otlp-url must be an http or https URL'],
    [SETTINGS.metricsPort, '70000', '--metrics-port must be a whole number'],
  ])('$flag %s is refused', (setting, text, message) => {
    expect(() => settingOf<unknown>(setting, text, {})).toThrow(message)
  })

  it('that is wrong in the environment is told by its name there', () => {
    const read = () => settingOf(SETTINGS.port, undefined, { PUSHLEDGER_PORT: 'x' })
    expect(read).toThrow('PUSHLEDGER_PORT must be')
  })
})

describe('docs/reference/settings.md', () => {
  const page = readFileSync(new URL('../../docs/reference/settings.md', import.meta.url), 'utf8')
  it('tells all of them, in their order, and nothing else', () => {
    const rows = Object.values(SETTINGS).map(({ flag, env, byDefault, text, rule }) => {
      const shown = byDefault === '' ? '' : `\`${byDefault}\` `
      return `| \`--${flag}\` | \`${env}\` | ${shown}| ${text} | ${rule} |`
    })
    expect(page.split('\n').filter((line) => line.startsWith('| `--'))).toEqual(rows)
  })
})

const ofImport = [...Object.values(CALLER_SETTINGS), ...Object.values(IMPORT_SETTINGS)]

describe('a setting of import', () => {
  it.each(ofImport)('$flag has a lawful default', (setting) => {
    expect(() => settingOf<unknown>(setting, undefined, {})).not.toThrow()
    expect(setting.env).toBe(`PUSHLEDGER_${setting.flag.toUpperCase().replaceAll('-', '_')}`)
  })

  const page = readFileSync(new URL('../../docs/reference/import.md', import.meta.url), 'utf8')
  it.each(ofImport)('$flag stands in docs/reference/import.md', (setting) => {
    const { flag, env, byDefault, text, rule } = setting
    const shown = byDefault === '' ? '' : `\`${byDefault}\` `
    expect(page).toContain(`| \`--${flag}\` | \`${env}\` | ${shown}| ${text} | ${rule} |`)
  })
})

describe('the URL of a server', () => {
  it.each([
    ['http://127.0.0.1:8787', 'http://127.0.0.1:8787'],
    ['HTTPS://Example.com/base//', 'https://example.com/base'],
    ['http://[::1]:80/', 'http://[::1]'],
    ['localhost:8787', undefined],
    ['ftp://host', undefined],
    ['http://key:secret@host', undefined],
    ['http://host/?x', undefined],
    ['', undefined],
  ])('%s', (text, url) => {
    expect(CALLER_SETTINGS.url.parse(text)).toBe(url)
  })
})

describe('a socket that is handed over', () => {
  it.each([
    [{}, undefined],
    [{ LISTEN_FDS: '1' }, undefined],
    [{ LISTEN_FDS: '1', LISTEN_PID: '8' }, undefined],
    [{ LISTEN_FDS: '0', LISTEN_PID: '7' }, undefined],
    [{ LISTEN_FDS: '1', LISTEN_PID: '7' }, 3],
  ])('%j', (environment, descriptor) => {
    expect(handedSocket(environment, 7)).toBe(descriptor)
  })

  it('is one', () => {
    const two = { LISTEN_FDS: '2', LISTEN_PID: '7' }
    expect(() => handedSocket(two, 7)).toThrow(SettingError)
  })
})
