// The built server from outside: starting, listening, stopping with work under way, and whom it
// refuses; every setting as a flag and as a variable.

import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { seal } from '../../src/store/embedded/lmdb/bytes.ts'
import { openEnvironment } from '../../src/store/embedded/lmdb/environment.ts'
import { formatVersion } from '../../src/store/embedded/lmdb/format.ts'
import { metaKey } from '../../src/store/embedded/lmdb/key.ts'
import { type Answer, type Caller, callerOf } from '../support/caller.ts'
import { type Ended, type Server, type Variables, workplace } from '../support/program.ts'
import { request, talk } from '../support/raw.ts'
import { until } from '../support/until.ts'

/** Refused or failed: one line that says so, and nothing of the program's insides. */
const expectSentence = ({ stderr }: Ended, says: RegExp): void => {
  expect(stderr).toMatch(/^[^\n]+\n$/)
  expect(stderr).toMatch(says)
  expect(stderr).not.toMatch(/ at .*\.js|node:internal|Error:/)
}

const received = (msgId: string, time: number, ...devices: string[]): object => ({
  type: 'received',
  msg_id: msgId,
  platform: 'android',
  registration_ids: devices,
  time,
})

describe('starting', () => {
  it('tells where it listens, on any free port', async () => {
    const place = workplace()
    const server = await place.serve()
    expect(server.stdout()).toBe(`pushledger listens on ${server.url}\n`)
    expect(server.port).toBeGreaterThan(0)
    const health = await fetch(`${server.url}/healthz`)
    expect([health.status, await health.text()]).toEqual([200, '{"status":"ok"}'])
    const ready = await fetch(`${server.url}/readyz`)
    expect([ready.status, await ready.text()]).toEqual([200, '{"status":"ready"}'])
  })

  it('makes a directory that is missing', async () => {
    const place = workplace()
    const server = await place.serve(['--data', `${place.dir}/some/where`])
    expect((await server.stop()).code).toBe(0)
  })
})

describe('refusing', () => {
  it('a second server on the directory, naming the first', async () => {
    const place = workplace()
    const { pid } = await place.serve()
    const second = await place.run(['serve', '--port', '0'])
    expect(second.code).toBe(1)
    expectSentence(second, new RegExp(`in use by process ${pid}\\b.*--data`))
  })

  it('a directory of a newer format', async () => {
    const place = workplace()
    const environment = openEnvironment(place.dir)
    const key = metaKey('format')
    const format = { version: formatVersion + 1, selections: 1 }
    const value = seal(key, Buffer.from(JSON.stringify(format)))
    environment.db.putSync(key, Buffer.from(value))
    await environment.close()
    for (const args of [
      ['serve', '--port', '0'],
      ['app', 'list'],
    ]) {
      const ended = await place.run(args)
      expect(ended.code).toBe(1)
      expectSentence(ended, /newer pushledger .*Start it with that version/)
    }
  })

  it('a directory that is a file', async () => {
    const ended = await workplace().run(['serve', '--port', '0', '--data', '/dev/null'])
    expect(ended.code).toBe(1)
    expectSentence(ended, /\/dev\/null cannot be opened/)
  })
})

describe('stopping', () => {
  it('answers a body that was still arriving, and keeps it', async () => {
    const place = workplace()
    const app = await place.createApp('slow')
    const server = await place.serve()
    const body = `${JSON.stringify(received('5', Date.now(), 'd1'))}\n${JSON.stringify(received('6', Date.now(), 'd1'))}`
    const sender = sendFirst(server, app, body, 60)
    await sender.isHeard
    const stopped = server.stop('SIGTERM')
    await until('the server says that it stops', () => /stopping/.test(server.stderr()))
    expect(await sender.sendRest()).toMatch(/^HTTP\/1\.1 200 [\s\S]*"accepted":2,/)
    expect((await stopped).code).toBe(0)
    const again = await place.serve()
    expect(await callerOf(again.url, app).received(['5', '6'])).toEqual([1, 1])
  })

  it('under load keeps every body that was answered', async () => {
    const place = workplace()
    const app = await place.createApp('busy')
    const server = await place.serve()
    const caller = callerOf(server.url, app)
    const answered: string[] = []
    const senders = Array.from({ length: 6 }, (_, i) => sendUntilRefused(caller, i, answered))
    await until('a hundred bodies are answered', () => answered.length >= 100)
    expect((await server.stop('SIGTERM')).code).toBe(0)
    await Promise.all(senders)
    expect(server.stderr()).not.toMatch(/"level":(40|50|60)/)
    const again = await place.serve()
    const counts = await callerOf(again.url, app).received(answered)
    expect(counts.filter((count) => count !== 3)).toEqual([])
  })
})

/** Sends a request up to so many bytes of its body; the rest when it is told to. */
const sendFirst = (
  { port }: Server,
  { key, secret }: { key: string; secret: string },
  body: string,
  bytes: number,
) => {
  const socket = connect(port, '127.0.0.1')
  let heard = ''
  const isHeard = new Promise<void>((resolve, reject) => {
    socket.setEncoding('utf8').on('data', (text: string) => {
      heard += text
      if (heard.includes('100 Continue')) resolve()
    })
    socket.once('error', reject)
  })
  const hungUp = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  socket.write(
    [
      'POST /v1/events HTTP/1.1',
      'Host: 127.0.0.1',
      `Authorization: Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Expect: 100-continue',
      '',
      body.slice(0, bytes),
    ].join('\r\n'),
  )
  return {
    isHeard,
    /** All that came after the invitation to go on, until the server hung up. */
    sendRest: async () => {
      socket.write(body.slice(bytes))
      await hungUp
      return heard.replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, '')
    },
  }
}

const sendUntilRefused = async (caller: Caller, sender: number, answered: string[]) => {
  for (let i = 1; ; i++) {
    const msgId = String(sender * 1_000_000 + i)
    try {
      const { status } = await caller.tell([received(msgId, Date.now(), 'd1', 'd2', 'd3')])
      if (status !== 200) return
    } catch {
      return
    }
    answered.push(msgId)
  }
}

const manyDevices = Array.from({ length: 40 }, (_, i) => `device-with-a-long-name-${i}`)
const manyReceived = received('1', Date.now(), ...manyDevices)
const refusalOf = ({ body }: Answer): unknown =>
  (body as { errors?: { code: string }[] }).errors?.[0]?.code
const daysAgo = (days: number): number => Date.now() - days * 86_400_000

interface SettingRow {
  readonly flag: string
  readonly value: string
  /** What shows that the value stands. */
  readonly shows: (server: Server, caller: Caller) => Promise<unknown>
  readonly expected: unknown
  /** A lawful value with which it would not be shown. */
  readonly other: string
}

const rows: readonly SettingRow[] = [
  {
    flag: 'rate-limit',
    value: '7',
    other: '8',
    shows: async (_, caller) =>
      (await caller.ask('/v3/received?msg_ids=1')).headers.get('x-rate-limit-limit'),
    expected: '7',
  },
  {
    flag: 'keep-days',
    value: '2',
    other: '20',
    shows: async (_, caller) => refusalOf(await caller.tell([received('9', daysAgo(4), 'd1')])),
    expected: 'time_too_old',
  },
  {
    flag: 'body-bytes-max',
    value: '1024',
    other: '16384',
    shows: async (_, caller) => (await caller.tell([manyReceived])).status,
    expected: 413,
  },
  {
    flag: 'line-devices-max',
    value: '39',
    other: '40',
    shows: async (_, caller) => refusalOf(await caller.tell([manyReceived])),
    expected: 'too_many_ids',
  },
  {
    flag: 'keep-alive-timeout',
    value: '620',
    other: '60',
    shows: async ({ port }) => {
      const { answers } = await talk(port, [request('GET /healthz HTTP/1.1', 'Host: a'), 1])
      return answers[0]?.headers['Keep-Alive']
    },
    expected: 'timeout=620',
  },
  {
    flag: 'console',
    value: 'off',
    other: 'on',
    shows: async ({ url }) => (await fetch(`${url}/v1/sessions`)).status,
    expected: 404,
  },
  {
    flag: 'log-level',
    value: 'debug',
    other: 'info',
    shows: async (server, caller) => {
      await caller.ask('/v3/received?msg_ids=1')
      const stopped = await server.stop()
      return /"answered"/.test(stopped.stderr)
    },
    expected: true,
  },
  {
    flag: 'host',
    value: 'localhost',
    other: '127.0.0.1',
    shows: async ({ url }) => new URL(url).hostname,
    expected: 'localhost',
  },
]

describe('settings', () => {
  const variableOf = (flag: string) => `PUSHLEDGER_${flag.toUpperCase().replaceAll('-', '_')}`
  const show = async (row: SettingRow, flags: string[], variables: Variables) => {
    const place = workplace()
    const app = await place.createApp('set')
    const server = await place.serve(flags, variables)
    return row.shows(server, callerOf(server.url, app))
  }

  describe.each(rows)('--$flag', (row) => {
    const { flag, value, other, expected } = row

    it('as a flag, which wins over the variable', async () => {
      const variables = { [variableOf(flag)]: other }
      expect(await show(row, [`--${flag}`, value], variables)).toEqual(expected)
    })

    it('as a variable', async () => {
      expect(await show(row, [], { [variableOf(flag)]: value })).toEqual(expected)
    })
  })

  it('--port as a variable', async () => {
    const { port } = await workplace().serve([], { PUSHLEDGER_PORT: '0' })
    expect(port).toBeGreaterThan(0)
  })

  it('--data as a variable, for serve and for app', async () => {
    const place = workplace()
    const other = { PUSHLEDGER_DATA: `${place.dir}/other` }
    await place.createApp('here', '--data', `${place.dir}/other`)
    const named = async (args: string[], variables: Variables) =>
      ((await place.run(['app', 'list', '--json', ...args], variables)).stdout.match(/here/g) ?? [])
        .length
    expect(await named([], other)).toBe(1)
    expect(await named([], {})).toBe(0)
    expect(await named(['--data', place.dir], other)).toBe(0)
  })
})
