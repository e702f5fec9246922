// Variables that look like settings: what is said of a mistyped one, and what Kubernetes sets in a pod
// beside Services of the same name.
import { describe, expect, it } from 'vitest'
import { environmentWarnings, SETTINGS, settingOf } from './settings.ts'

describe('a variable that is no setting', () => {
  it.each([
    [
      'PUSHLEDGER_PROT',
      'PUSHLEDGER_PROT is not a setting and is ignored: did you mean PUSHLEDGER_PORT?',
    ],
    ['PUSHLEDGER_KEEPDAYS', /did you mean PUSHLEDGER_KEEP_DAYS\?$/],
    ['PUSHLEDGER_METRIC_TOKEN', /did you mean PUSHLEDGER_METRICS_TOKEN\?$/],
    ['pushledger_port', /^pushledger_port is .*: did you mean PUSHLEDGER_PORT\?$/],
    ['PUSHLEGDER_PORT', /did you mean PUSHLEDGER_PORT\?$/],
    ['PUSHLEDGER_SOMETHING_ELSE', /is not a setting and is ignored$/],
  ])('%s', (name, says) => {
    const [sentence, ...others] = environmentWarnings({ [name]: 'a secret' })
    expect(others).toEqual([])
    expect(sentence).toMatch(says)
    expect(sentence).not.toContain('secret')
  })

  it('is none of others, and settings are none', () => {
    const others = { PATH: 'x', PUSH_URL: 'x', PUSHGATEWAY_PORT: 'x', PUSHED: undefined }
    const settings = Object.values(SETTINGS).map(({ env }) => [env, 'x'])
    const ours = { ...Object.fromEntries(settings), PUSHLEDGER_KEY: 'x', PUSHLEDGER_STATE: 'x' }
    expect(environmentWarnings({ ...others, ...ours })).toEqual([])
  })
})

describe('beside Services of Kubernetes', () => {
  const linksOf = (service: string, port: number) => ({
    [`${service}_SERVICE_HOST`]: '10.0.0.1',
    [`${service}_SERVICE_PORT`]: `${port}`,
    [`${service}_SERVICE_PORT_HTTP`]: `${port}`,
    [`${service}_PORT`]: `tcp://10.0.0.1:${port}`,
    [`${service}_PORT_${port}_TCP`]: `tcp://10.0.0.1:${port}`,
    [`${service}_PORT_${port}_TCP_PROTO`]: 'tcp',
    [`${service}_PORT_${port}_TCP_PORT`]: `${port}`,
    [`${service}_PORT_${port}_TCP_ADDR`]: '10.0.0.1',
  })
  const environment = {
    ...linksOf('PUSHLEDGER', 8787),
    ...linksOf('PUSHLEDGER_METRICS', 9090),
    ...linksOf('PUSHLEDGER_HEADLESS', 8787),
  }

  it('an address in place of a port is ignored, with a warning for each', () => {
    expect(settingOf(SETTINGS.port, undefined, environment)).toBe(8787)
    expect(settingOf(SETTINGS.metricsPort, undefined, environment)).toBe(null)
    const warnings = environmentWarnings(environment)
    expect(warnings).toHaveLength(2)
    expect(warnings[0]).toMatch(/^PUSHLEDGER_PORT is ignored, .*enableServiceLinks: false/)
    expect(warnings[1]).toMatch(/^PUSHLEDGER_METRICS_PORT is ignored, /)
  })

  it('nothing else may be there in place of a number', () => {
    const read = (text: string) => settingOf(SETTINGS.port, undefined, { PUSHLEDGER_PORT: text })
    for (const text of ['10.0.0.1:8787', 'http://10.0.0.1', 'tcp:8787']) {
      expect(() => read(text)).toThrow('PUSHLEDGER_PORT must be')
    }
    expect(() => settingOf(SETTINGS.port, 'tcp://10.0.0.1:8787', {})).toThrow('--port must be')
  })
})
