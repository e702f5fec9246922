// `pushledger import` on the built program: however it is fed and wherever it is broken off, the
// server answers as if nothing had happened; what is refused is told by file and line; and memory does
// not grow with the file.
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { callerOf } from '../support/caller.ts'
import {
  type Credentials,
  type Ended,
  type Running,
  type Server,
  type Variables,
  type Workplace,
  workplace,
} from '../support/program.ts'
import { until } from '../support/until.ts'

const messages = ['1001', '1002', '1003']
const timeMs = Date.now()

const lineOf = (i: number): string =>
  `{"type":"received","msg_id":${messages[i % 3]},"platform":"android","registration_id":"device-${i}","time":${timeMs - i}}\n`

const linesOf = (from: number, to: number): string => {
  const lines: string[] = []
  for (let i = from; i < to; i++) lines.push(lineOf(i))
  return lines.join('')
}

interface Scene {
  readonly place: Workplace
  readonly server: Server
  readonly app: Credentials
  /** How the program finds its server and its app. */
  readonly variables: Variables
}

const openScene = async (): Promise<Scene> => {
  const place = workplace()
  const app = await place.createApp('fed')
  const server = await place.serve()
  return { place, server, app, variables: variablesOf(server.url, app) }
}

const variablesOf = (url: string, { key, secret }: Credentials): Variables => ({
  PUSHLEDGER_URL: url,
  PUSHLEDGER_KEY: key,
  PUSHLEDGER_SECRET: secret,
})

const write = ({ place }: Scene, name: string, content: string | Uint8Array): string => {
  const path = join(place.dir, name)
  writeFileSync(path, content)
  return path
}

const stateOf = (path: string): string => `${path}.pushledger-import`

interface Summary {
  readonly complete: boolean
  readonly lines: number
  readonly accepted: number
  readonly repeated: number
  readonly refused: number
  readonly lines_now: number
  readonly refusals: readonly {
    readonly code: string
    readonly count: number
    readonly first: readonly { readonly file: string; readonly line: number }[]
  }[]
}

const summaryOf = ({ stdout, stderr }: Ended): Summary => {
  expect(stdout, stderr).toMatch(/^\{.*\}\n$/)
  return JSON.parse(stdout) as Summary
}

const received = ({ server, app }: Pick<Scene, 'server' | 'app'>) =>
  callerOf(server.url, app).received(messages)

describe('feeding it', () => {
  const count = 3000
  const text = linesOf(0, count)

  it.each([
    ['a file', 'events.ndjson', text],
    ['a packed file', 'events.ndjson.gz', gzipSync(text)],
    ['a packed file of any name', 'events', gzipSync(text)],
  ])('%s', async (_, name, content) => {
    const scene = await openScene()
    const file = write(scene, name, content)
    const ended = await scene.place.run(['import', file, '--json'], scene.variables)
    expect([ended.code, ended.stderr]).toEqual([0, ''])
    expect(summaryOf(ended)).toMatchObject({ complete: true, lines: count, accepted: count })
    expect(await received(scene)).toEqual([1000, 1000, 1000])
    expect(existsSync(stateOf(file))).toBe(false)
  })

  it.each([
    ['the standard input', Buffer.from(text)],
    ['a packed standard input', gzipSync(text)],
  ])('%s', async (_, input) => {
    const scene = await openScene()
    const ended = await scene.place.start(['import', '-'], scene.variables, input).ended
    expect(ended.code).toBe(0)
    expect(ended.stderr).toMatch(/^standard input can be read only once: [^\n]+\n$/)
    expect(ended.stdout).toMatch(
      /^lines {5}3,000\naccepted {2}3,000 facts, 0 of them held before\n/,
    )
    expect(await received(scene)).toEqual([1000, 1000, 1000])
  })

  it('several files, packed on their way, by a flag for everything', async () => {
    const { place, server, app, ...others } = await openScene()
    const scene = { place, server, app, ...others }
    const files = [0, 1000, 2000].map((from) =>
      write(scene, `${from}.ndjson`, linesOf(from, from + 1000)),
    )
    const flags = ['--url', server.url, '--key', app.key, '--secret', app.secret, '--gzip']
    const ended = await place.run(['import', ...files, ...flags, '--quiet', '--json'])
    expect([ended.code, ended.stderr]).toEqual([0, ''])
    expect(summaryOf(ended)).toMatchObject({ lines: count, accepted: count, repeated: 0 })
    expect(await received(scene)).toEqual([1000, 1000, 1000])
  })

  it('the same twice changes nothing', async () => {
    const scene = await openScene()
    const file = write(scene, 'events', text)
    await scene.place.run(['import', file], scene.variables)
    const ended = await scene.place.run(['import', file, '--json'], scene.variables)
    expect(summaryOf(ended)).toMatchObject({ accepted: count, repeated: count })
    expect(await received(scene)).toEqual([1000, 1000, 1000])
  })
})

describe('what is refused', () => {
  it('is told by file and line, with the first three of each code', async () => {
    const scene = await openScene()
    const bad = '{"type":"opened","registration_id":"a","platform":"ios"}\n'
    const long = `{"type":"online","registration_id":"${'x'.repeat(2000)}","platform":"ios"}\n`
    const file = write(scene, 'some', linesOf(0, 60) + bad.repeat(4) + long + linesOf(60, 90))
    const other = write(scene, 'other', `${lineOf(90)}{\n`)
    const args = ['import', file, other, '--body-bytes', '1024']
    const ended = await scene.place.run([...args, '--json'], scene.variables)
    expect(ended.code).toBe(1)
    const { refusals, ...counts } = summaryOf(ended)
    expect(counts).toMatchObject({ complete: true, lines: 97, accepted: 91, refused: 6 })
    const places = refusals.map(({ code, count, first }) => [
      code,
      count,
      first.map((each) => `${each.file === file ? 'some' : 'other'}:${each.line}`),
    ])
    expect(places).toEqual([
      ['bad_type', 4, ['some:61', 'some:62', 'some:63']],
      ['(not sent)', 1, ['some:65']],
      ['bad_json', 1, ['other:2']],
    ])
    const people = await scene.place.run(args, scene.variables)
    expect(people.code).toBe(1)
    expect(people.stdout).toContain(
      `refused   6 lines\n  bad_type: 4\n    ${file}:61: type must be`,
    )
    expect(people.stdout).toContain(`    ${file}:65: the line is longer than 1024 bytes\n`)
  })

  it('is counted beyond what the server tells of a body', async () => {
    const scene = await openScene()
    const file = write(scene, 'all', '{}\n'.repeat(250))
    const ended = await scene.place.run(['import', file, '--json'], scene.variables)
    expect([ended.code, summaryOf(ended).refused]).toEqual([1, 250])
    const counts = summaryOf(ended).refusals.map(({ code, count }) => [code, count])
    expect(counts).toEqual([
      ['(code not told)', 150],
      ['bad_type', 100],
    ])
  })

  it('a line without a time is told of once', async () => {
    const scene = await openScene()
    const line = '{"type":"online","registration_id":"a","platform":"ios"}\n'
    const file = write(scene, 'timeless', lineOf(0) + line.repeat(3))
    const { code, stderr } = await scene.place.run(['import', file], scene.variables)
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(/^\S+timeless:2 tells no time[^\n]+\n$/),
    ])
  })
})

describe('what ends it', () => {
  const notSent = async (args: string[], variables: Variables, code: number, says: RegExp) => {
    const ended = await workplace().run(['import', ...args], variables)
    expect([ended.code, ended.stdout]).toEqual([code, ''])
    expect(ended.stderr).toMatch(/^[^\n]+\n$/)
    expect(ended.stderr).toMatch(says)
  }
  const someone = { PUSHLEDGER_KEY: 'a'.repeat(24), PUSHLEDGER_SECRET: 's' }

  it.each([
    ['no file', [], someone, 2, /missing required argument/],
    ['a file twice', ['a', 'a'], someone, 2, /named twice/],
    ['no credentials', ['a'], {}, 2, /--key and --secret, or --token/],
    ['no secret', ['a', '--key', 'a'.repeat(24)], {}, 2, /say who calls: --secret/],
    ['a token and a key', ['a', '--token', 't', '--secret', 's'], {}, 2, /one or the other/],
    ['a key that is none', ['a', '--key', 'A'], {}, 2, /--key must be 24/],
    ['a URL that is none', ['a'], { PUSHLEDGER_URL: 'localhost:1' }, 2, /PUSHLEDGER_URL must be/],
    ['a file that is missing', ['none'], someone, 1, /none cannot be opened: there is no such/],
  ])('%s', async (_, args, variables, code, says) => {
    await notSent(args, { ...variables }, code, says)
  })

  it('wrong credentials, at once', async () => {
    const scene = await openScene()
    const file = write(scene, 'events', lineOf(0))
    const wrong = { ...scene.variables, PUSHLEDGER_SECRET: 'wrong' }
    const { code, stderr } = await scene.place.run(['import', file], wrong)
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /^the server answers fault 3001, .*check the key and the secret[^\n]+\n$/,
    )
  })

  it('a wrong token, which is not called Basic', async () => {
    const scene = await openScene()
    const file = write(scene, 'events', lineOf(0))
    const token = `plf_${'0'.repeat(12)}_${'0'.repeat(32)}`
    const { code, stderr } = await scene.place.run(
      ['import', file, '--url', scene.server.url, '--token', token],
      {},
    )
    expect(code).toBe(1)
    expect(stderr).toMatch(/fault 3001, Bearer authentication failed: .*: check the token: 0 lines/)
  })

  it('a body that the server finds too long', async () => {
    const scene = await openScene()
    const file = write(scene, 'events', linesOf(0, 2000))
    await scene.server.stop()
    const small = await scene.place.serve(['--body-bytes-max', '4096'])
    const variables = { ...scene.variables, PUSHLEDGER_URL: small.url }
    const { code, stderr } = await scene.place.run(['import', file], variables)
    expect([code, stderr]).toEqual([1, expect.stringMatching(/fault 413, .*smaller --body-bytes/)])
    const again = await scene.place.run(['import', file, '--body-bytes', '4096'], variables)
    expect(again.code).toBe(0)
  })

  it('a broken pack, after all before it was told, again and again', async () => {
    const scene = await openScene()
    const whole = gzipSync(linesOf(0, 30_000))
    const file = write(scene, 'broken.gz', whole.subarray(0, whole.length / 2))
    const args = ['import', file, '--body-bytes', '65536']
    const says = /broken\.gz cannot be read to its end: the gzip is cut off: [1-9][\d,]+ lines/
    for (let times = 1; times <= 2; times++) {
      const { code, stderr } = await scene.place.run(args, scene.variables)
      expect([code, stderr]).toEqual([1, expect.stringMatching(says)])
    }
  })
})

/** Many small bodies, so that there is time to break it off. */
const smallBodies = ['--body-bytes', '16384', '--connections', '2']
const longCount = 30_000
const third = longCount / 3

const startLong = async (scene: Scene, ...flags: string[]) => {
  const file = write(scene, 'long', linesOf(0, longCount))
  const args = ['import', file, ...smallBodies, ...flags, '--json']
  const running = scene.place.start(args, scene.variables)
  await until('some lines are answered', () => existsSync(stateOf(file)))
  return { file, args, running }
}

const expectGoesOn = async (scene: Scene, args: string[]): Promise<void> => {
  const ended = await scene.place.run(args, scene.variables)
  expect([ended.code, ended.stderr]).toEqual([
    0,
    expect.stringMatching(/ goes on after line \d+\n/),
  ])
  const { lines, lines_now, complete, accepted } = summaryOf(ended)
  expect([complete, lines, accepted]).toEqual([true, longCount, longCount])
  expect(lines_now).toBeLessThan(longCount)
  expect(await received(scene)).toEqual([third, third, third])
  expect(readdirSync(scene.place.dir).filter((name) => /pushledger-import/.test(name))).toEqual([])
}

describe('broken off', { timeout: 60_000 }, () => {
  it('by kill -9, it goes on', async () => {
    const scene = await openScene()
    const { args, running } = await startLong(scene)
    running.kill('SIGKILL')
    expect((await running.ended).code).toBeNull()
    await expectGoesOn(scene, args)
  })

  it('by Ctrl-C, it ends in order and goes on', async () => {
    const scene = await openScene()
    const { args, running } = await startLong(scene)
    running.kill('SIGINT')
    const ended = await running.ended
    expect([ended.code, summaryOf(ended).complete]).toEqual([130, false])
    expect(ended.stderr).toMatch(
      /stopping once .*\nstopped: [\d,]+ lines of \S+ are answered; the same/,
    )
    await expectGoesOn(scene, args)
  })

  it('by Ctrl-C twice, it ends at once', async () => {
    const { place, url } = await deafServer()
    const running = startAgainst(place, url)
    await until('it has begun', () => existsSync(join(place.dir, 'heard')))
    running.kill('SIGINT')
    await until('it says so', () => /once more ends it at once/.test(running.stderr()))
    running.kill('SIGINT')
    expect((await running.ended).code).toBeNull()
  })

  it('by the end of its server, it waits for the next one', async () => {
    const scene = await openScene()
    const { running, file } = await startLong(scene)
    await scene.server.stop('SIGKILL')
    await until('it says that it waits', () => /trying again for up to 60 s/.test(running.stderr()))
    const server = await scene.place.serve(['--port', String(scene.server.port)])
    const ended = await running.ended
    expect([ended.code, summaryOf(ended).accepted]).toEqual([0, longCount])
    expect(await received({ ...scene, server })).toEqual([third, third, third])
    expect(existsSync(stateOf(file))).toBe(false)
  })

  it('by the end of its server for good, it says how to go on', async () => {
    const scene = await openScene()
    const { args, running } = await startLong(scene, '--retry-for', '0')
    await scene.server.stop('SIGKILL')
    const ended = await running.ended
    expect([ended.code, summaryOf(ended).complete]).toEqual([1, false])
    expect(ended.stderr).toMatch(
      /cannot be reached: [^:]+: [\d,]+ lines of \S+ are answered; the same command goes on/,
    )
    const server = await scene.place.serve(['--port', String(scene.server.port)])
    await expectGoesOn({ ...scene, server }, args)
  })

  it('where nothing can be kept, it says so and goes on all the same', async () => {
    const scene = await openScene()
    const file = write(scene, 'events', lineOf(0))
    const args = ['import', file, '--state', join(file, 'under')]
    const { code, stderr } = await scene.place.run(args, scene.variables)
    expect([code, stderr]).toEqual([0, expect.stringMatching(/will not be resumable: say another/)])
  })

  it('in the second of two files, the first is not told again', async () => {
    const scene = await openScene()
    const first = write(scene, 'first', linesOf(longCount, longCount + 9))
    const second = write(scene, 'second', linesOf(0, longCount))
    const args = ['import', first, second, ...smallBodies, '--json']
    const running = scene.place.start(args, scene.variables)
    await until('the second has begun', () => existsSync(stateOf(second)))
    running.kill('SIGKILL')
    await running.ended
    const ended = await scene.place.run(args, scene.variables)
    expect(ended.stderr).toMatch(/first was answered whole.*\n\S+second goes on after line/)
    expect(summaryOf(ended)).toMatchObject({ complete: true, accepted: longCount + 9 })
  })

  it('with its state elsewhere, and starts over once the file has changed', async () => {
    const scene = await openScene()
    const file = write(scene, 'grown', linesOf(0, longCount))
    const state = join(scene.place.dir, 'state')
    const args = ['import', file, ...smallBodies, '--state', state, '--json']
    const running = scene.place.start(args, scene.variables)
    const kept = () => existsSync(state) && readdirSync(state).some((name) => /import$/.test(name))
    await until('some lines are answered', kept)
    running.kill('SIGKILL')
    await running.ended
    appendFileSync(file, linesOf(longCount, longCount + 3))
    const ended = await scene.place.run(args, scene.variables)
    expect(ended.stderr).toMatch(/grown starts over: it has changed since\n/)
    expect(summaryOf(ended)).toMatchObject({ complete: true, accepted: longCount + 3 })
    expect(await received(scene)).toEqual([third + 1, third + 1, third + 1])
    expect(readdirSync(state)).toEqual([])
  })
})

/** One that listens and never answers; it leaves a file when it has heard something. */
const deafServer = async () => {
  const place = workplace()
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => {
      writeFileSync(join(place.dir, 'heard'), '')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return { place, url: `http://127.0.0.1:${port}` }
}

const startAgainst = (place: Workplace, url: string): Running => {
  const file = join(place.dir, 'events')
  writeFileSync(file, lineOf(0))
  const app = { key: 'a'.repeat(24), secret: 's' }
  return place.start(['import', file], variablesOf(url, app))
}

/** The most memory a process has had so far, where the system tells. */
const peakOf = (pid: number): number => {
  try {
    const [, kibibytes = '0'] =
      /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return Number(kibibytes) * 1024
  } catch {
    return 0
  }
}

describe.skipIf(!existsSync('/proc/self/status'))('memory', { timeout: 60_000 }, () => {
  const peakOfImport = async (scene: Scene, file: string): Promise<number> => {
    const running = scene.place.start(['import', file], scene.variables)
    let peak = 0
    let hasEnded = false
    const ended = running.ended.finally(() => {
      hasEnded = true
    })
    await until(
      'it is over',
      () => {
        peak = Math.max(peak, peakOf(running.pid))
        return hasEnded
      },
      50_000,
    )
    expect((await ended).code).toBe(0)
    return peak
  }

  it('is bounded by the bodies on their way, not by the file', async () => {
    const scene = await openScene()
    const small = write(scene, 'small', linesOf(0, 300))
    const large = write(scene, 'large', linesOf(0, 300_000))
    const packed = write(scene, 'packed', gzipSync(readFileSync(large), { level: 1 }))
    const array = `[\n${linesOf(0, 300_000).trimEnd().replaceAll('\n', ',\n  ')}\n]\n`
    const elements = write(scene, 'array', array)
    const base = await peakOfImport(scene, small)
    expect(base).toBeGreaterThan(0)
    const most = base + 64 * 1024 * 1024
    expect(await peakOfImport(scene, large)).toBeLessThan(most)
    expect(await peakOfImport(scene, packed)).toBeLessThan(most)
    expect(await peakOfImport(scene, elements)).toBeLessThan(most)
  })
})
