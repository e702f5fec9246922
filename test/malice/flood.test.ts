// More than the built server can take, of everything: bodies, connections, bombs, brackets, headers that
// never end, readers that never read. It refuses in JSON, keeps its bounds, answers reports all the
// while, and has afterwards what it answered. How long its event loop was held is told in the soak.
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { setPriority } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, callerOf } from '../support/caller.ts'
import { type Credentials, openWorkplace, type Server, type Workplace } from '../support/program.ts'
import { tell } from '../support/tally.ts'
import { until } from '../support/until.ts'

/** 1 in the ordinary run; 10 in the soak. */
const size = Number(process.env['FLOOD'] ?? 1)
/** Asserted where it is given, on a machine that has nothing else to do. */
const loopMsMax = Number(process.env['FLOOD_LOOP_MS'] ?? Number.POSITIVE_INFINITY)
/** The bodies' room, twice where one is joined or unpacked, and the program itself. */
const residentMiBMax = 1024
const refusals = [400, 413, 429, 431, 503]

let place: Workplace
let app: Credentials
let server: Server
let caller: Caller

const probeFile = () => `${place.dir}/loop`
beforeAll(async () => {
  place = openWorkplace()
  app = await place.createApp('flooded')
  const probe = fileURLToPath(new URL('loop-probe.mjs', import.meta.url))
  const variables = { NODE_OPTIONS: `--import=file://${probe}`, PROBE_FILE: probeFile() }
  server = await place.serve(['--rate-limit', '0'], variables)
  caller = callerOf(server.url, app)
  // What is measured is the server, not how the system shares two cores with who floods it.
  if (size > 1) setPriority(19)
})
afterAll(() => place.close())

const time = Date.now()
const authorization = () => Buffer.from(`${app.key}:${app.secret}`).toString('base64')
const headOf = (first: string, ...headers: string[]): string =>
  [first, 'Host: a', `Authorization: Basic ${authorization()}`, ...headers, '', ''].join('\r\n')

interface Reply {
  readonly status: number
  readonly text: string
}

const post = async (body: Uint8Array, headers: Record<string, string> = {}): Promise<Reply> => {
  const sent = { authorization: `Basic ${authorization()}`, ...headers }
  try {
    const url = `${server.url}/v1/events`
    const response = await fetch(url, { method: 'POST', body, headers: sent })
    return { status: response.status, text: await response.text() }
  } catch {
    // Refused before it had been read; what counts is that nothing was answered as kept.
    return { status: 0, text: '' }
  }
}

const expectRefusal = ({ status, text }: Reply): void => {
  expect(refusals).toContain(status)
  expect(JSON.parse(text)).toMatchObject({ error: { code: expect.any(Number) } })
}

const residentMiB = (): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]) / 1024

/** The longest the loop was held since the last time it was asked. */
const loopMs = async (): Promise<number> => {
  rmSync(probeFile(), { force: true })
  process.kill(server.pid, 'SIGUSR2')
  const told = () => (existsSync(probeFile()) ? readFileSync(probeFile(), 'utf8') : '')
  await until('the probe tells', () => told() !== '', 20_000)
  return Number(told())
}

/** Asks a report again and again while the work goes on; every answer must be there. */
const whileAsking = async (what: string, work: () => Promise<void>): Promise<void> => {
  await loopMs()
  let isOver = false
  let most = 0
  let asked = 0
  const asking = async () => {
    while (!isOver) {
      const began = performance.now()
      const { status } = await caller.ask('/v3/received?msg_ids=1,2,3')
      expect(status).toBe(200)
      most = Math.max(most, performance.now() - began)
      asked += 1
      await wait(20)
    }
  }
  const answers = asking()
  await work().finally(() => {
    isOver = true
  })
  await answers
  const held = await loopMs()
  expect(residentMiB()).toBeLessThan(residentMiBMax)
  tell({
    reports: asked,
    reportMs: Math.round(most),
    residentMiB: Math.round(residentMiB()),
    [`held by ${what} Ms`]: Math.round(held),
  })
  expect(held).toBeLessThan(loopMsMax)
}

describe('a flood', { timeout: 60_000 + size * 30_000 }, () => {
  it('of bodies: what was answered is there, what was not may be sent again', async () => {
    const facts = 5000
    const bodyOf = (msgId: number) =>
      Buffer.from(
        Array.from({ length: facts }, (_, i) =>
          JSON.stringify({
            type: 'received',
            msg_id: msgId,
            platform: 'android',
            registration_id: `device-${(i * 7919 + msgId * 31) % 200_000}`,
            time,
          }),
        ).join('\n'),
      )
    const bodies = Array.from({ length: 20 }, (_, i) => bodyOf(1000 + i))
    const kept = new Set<number>()
    const counts = new Map<number, number>()
    await whileAsking('bodies', async () => {
      const sender = async (own: number) => {
        for (let turn = 0; turn < 4 * size; turn++) {
          const chosen = (own + turn) % bodies.length
          const reply = await post(bodies[chosen] ?? Buffer.alloc(0))
          counts.set(reply.status, (counts.get(reply.status) ?? 0) + 1)
          if (reply.status === 200) kept.add(1000 + chosen)
          else if (reply.status !== 0) expectRefusal(reply)
        }
      }
      await Promise.all(Array.from({ length: 60 }, (_, i) => sender(i)))
    })
    const ids = [...kept].map(String)
    expect(ids.length).toBeGreaterThan(0)
    expect(await caller.received(ids)).toEqual(ids.map(() => facts))
  })

  it('of bodies that are never finished: the room is bounded, and given back', async () => {
    const sockets: Socket[] = []
    await whileAsking('unfinished bodies', async () => {
      const part = Buffer.alloc(4 * 2 ** 20, 'x')
      const statuses: number[] = []
      for (let i = 0; i < 40 * Math.min(size, 3); i++) {
        const socket = connect(server.port, '127.0.0.1')
        sockets.push(socket)
        socket.on('error', () => {})
        socket.once('data', (data) => statuses.push(Number(data.toString('latin1', 9, 12))))
        socket.write(headOf('POST /v1/events HTTP/1.1', 'Content-Length: 16000000'))
        for (let parts = 0; parts < 3; parts++) socket.write(part)
      }
      // 480 MB and more are on their way, and some have no room.
      await until('one is refused', () => statuses.includes(503), 20_000)
      expect(new Set(statuses)).toEqual(new Set([503]))
    })
    for (const socket of sockets) socket.destroy()
    const body = Buffer.alloc(15_000_000, '\n')
    await until('there is room again', async () => (await post(body)).status === 200, 20_000)
  })

  it('of gzip bombs', async () => {
    const within = gzipSync(Buffer.alloc(16_000_000, '\n'))
    const beyond = gzipSync(Buffer.alloc(200_000_000, '\n'))
    await whileAsking('gzip bombs', async () => {
      const gzip = { 'content-encoding': 'gzip' }
      const replies = Array.from({ length: 20 * size }, (_, i) =>
        post(i % 2 === 0 ? within : beyond, gzip),
      )
      for (const [i, reply] of (await Promise.all(replies)).entries()) {
        if (i % 2 === 1 || reply.status !== 200) expectRefusal(reply)
      }
    })
  })

  const repeated = (text: string, bytes: number) =>
    Buffer.from(text.repeat(Math.floor(bytes / Buffer.byteLength(text))))
  // A line of one byte costs some microseconds to refuse: as many as there are in a body take a while.
  const linesBytes = 1_000_000 * size
  it.each([
    ['opening brackets', '['],
    ['nested objects', '{"a":'],
    ['quotes', '"'],
    ['lines of one bracket', '[\n'],
    ['lines of one brace', '{\n'],
    ['empty objects', '{},'],
    ['broken elements', '[[],'],
    ['numbers', '1, '],
    ['escapes', '\\u0041'],
    ['bytes that are no text', '\u00ff'],
    ['long ids', `{"type":"online","platform":"android","registration_id":"${'x'.repeat(900)}"}\n`],
  ])('of %s, a body of them', async (what, text) => {
    const bytes = repeated(text, text.length === 2 ? linesBytes : 16_700_000)
    const inArray = Buffer.concat([Buffer.from('['), bytes.subarray(0, -2)])
    await whileAsking(what, async () => {
      for (const body of [bytes, inArray]) expectRefusal(await post(body))
      const url = `${server.url}/v3/status/message`
      const headers = { authorization: `Basic ${authorization()}` }
      for (const body of [bytes.subarray(0, 390_000), inArray.subarray(0, 390_000)]) {
        const answer = await fetch(url, { method: 'POST', body, headers })
        expectRefusal({ status: answer.status, text: await answer.text() })
      }
    })
  })

  it('of headers that never end', async () => {
    await whileAsking('endless headers', async () => {
      const answered = Array.from({ length: 20 * size }, () => {
        const socket = connect(server.port, '127.0.0.1')
        return new Promise<string>((resolve) => {
          let came = ''
          socket.on('error', () => resolve(came))
          socket.on('data', (data) => {
            came += data.toString()
          })
          socket.once('close', () => resolve(came))
          socket.write('GET /healthz HTTP/1.1\r\nHost: a\r\n')
          const more = () => {
            // Not from within the write, or nothing would ever be read here.
            const line = `X-More: ${'x'.repeat(1000)}\r\n`
            if (socket.writable) socket.write(line, () => setImmediate(more))
          }
          more()
        })
      })
      const told = (await Promise.all(answered)).filter((came) => came !== '')
      expect(told.length).toBeGreaterThan(0)
      for (const came of told) expect(came).toMatch(/^HTTP\/1\.1 431 .*"code":431/s)
    })
  })

  it('of header lines, with a request hidden behind the thousandth', async () => {
    const hidden = headOf('GET /v3/received?msg_ids=1, 2 HTTP/1.1')
    const rejected = (lines: number, line: string): Promise<string> =>
      new Promise((resolve) => {
        const socket = connect(server.port, '127.0.0.1')
        let came = ''
        socket.on('error', () => {})
        socket.on('data', (data) => {
          came += data.toString('latin1')
        })
        socket.once('close', () => resolve(came))
        const many = ['POST /v1/events HTTP/1.1', 'Host: a', ...Array(lines).fill('a:'), line]
        socket.write(`${many.join('\r\n')}\r\n\r\n${hidden.repeat(3)}`)
      })
    await whileAsking('header lines', async () => {
      for (let turn = 0; turn < 4 * size; turn++) {
        const floods = [150, 999, 1000, 1001, 5000, 15_000].flatMap((lines) => [
          rejected(lines, `Content-Length: ${hidden.length}`),
          rejected(lines, 'Transfer-Encoding: chunked'),
          rejected(lines, `Authorization: Basic ${authorization()}`),
        ])
        for (const came of await Promise.all(floods)) {
          expect(came).toMatch(/^HTTP\/1\.1 431 .*"code":431/s)
          expect(came.split('HTTP/1.1 ')).toHaveLength(2)
        }
      }
    })
  })

  it('of refused log-ins with long keys: what is kept of them and written down is bounded', async () => {
    const each = 25
    const key = (i: number) => Buffer.from(`${i}-${'k'.repeat(9000)}:no`).toString('base64')
    const guess = (i: number) =>
      `GET /v3/received?msg_ids=1 HTTP/1.1\r\nHost: a\r\nAuthorization: Basic ${key(i)}\r\n\r\n`
    const answersOf = (own: number) => {
      const socket = connect(server.port, '127.0.0.1')
      let came = ''
      return new Promise<string>((resolve, reject) => {
        socket.once('error', reject)
        socket.on('data', (data) => {
          came += data.toString('latin1')
          if (came.split('"code":').length > each) socket.destroy()
        })
        socket.once('close', () => resolve(came))
        for (let i = 0; i < each; i++) socket.write(guess(own * each + i))
      })
    }
    const logIns = `${place.dir}/audit-logins.ndjson`
    const written = () => (existsSync(logIns) ? readFileSync(logIns, 'utf8').split('\n').length : 0)
    const before = written()
    await whileAsking('refused log-ins', async () => {
      const began = performance.now()
      for (let turn = 0; turn < size; turn++) {
        const own = Array.from({ length: 40 }, (_, i) => answersOf(turn * 40 + i))
        for (const came of await Promise.all(own)) {
          expect(came.match(/HTTP\/1\.1 401 /g)).toHaveLength(each)
        }
      }
      const minutes = 1 + Math.ceil((performance.now() - began) / 60_000)
      expect(written() - before).toBeGreaterThan(0)
      expect(written() - before).toBeLessThanOrEqual(61 * minutes)
    })
  })

  it('of connections: idle ones, slow ones, and readers that never read', async () => {
    const sockets: Socket[] = []
    const open = async (count: number, first: string) => {
      for (let i = 0; i < count; i++) {
        const socket = connect(server.port, '127.0.0.1')
        socket.on('error', () => {})
        socket.pause()
        socket.write(first)
        sockets.push(socket)
      }
      await until('they are open', () => sockets.every((socket) => !socket.connecting), 20_000)
    }
    const ids = Array.from({ length: 100 }, (_, i) => 1000 + i).join()
    const large = headOf(`GET /v3/messages/detail?msg_ids=${ids} HTTP/1.1`)
    await whileAsking('connections', async () => {
      await open(300 * size, '')
      await open(100 * size, 'GET /healthz HT')
      await open(20 * size, large.repeat(20))
      await wait(200)
    })
    for (const socket of sockets) socket.destroy()
    expect((await caller.ask('/v3/received?msg_ids=1000')).status).toBe(200)
  })
})
