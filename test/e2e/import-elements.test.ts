// `pushledger import` of JSON that is not one event a line: arrays, printed or on one line, from a file, a
// pack or a pipe. Elements are counted where lines would be, and a broken text is named by its place.
import { spawnSync } from 'node:child_process'
import { createWriteStream, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeEach, describe, expect, it } from 'vitest'
import { callerOf } from '../support/caller.ts'
import {
  type Credentials,
  type Ended,
  type Server,
  type Workplace,
  workplace,
} from '../support/program.ts'
import { until } from '../support/until.ts'

const timeMs = Date.now()
const eventOf = (i: number) => ({
  type: 'received',
  msg_id: 1001,
  platform: 'android',
  registration_id: `device-${i}`,
  time: timeMs - i,
})
const eventsOf = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => eventOf(from + i))

let place: Workplace
let server: Server
let app: Credentials

beforeEach(async () => {
  place = workplace()
  app = await place.createApp('fed')
  server = await place.serve()
})

const variables = () => ({
  PUSHLEDGER_URL: server.url,
  PUSHLEDGER_KEY: app.key,
  PUSHLEDGER_SECRET: app.secret,
})

const fileWith = (name: string, content: string | Uint8Array): string => {
  const path = join(place.dir, name)
  writeFileSync(path, content)
  return path
}

const importing = (...args: string[]): Promise<Ended> =>
  place.run(['import', ...args, '--json'], variables())

const received = async (): Promise<(number | null)[]> =>
  callerOf(server.url, app).received(['1001'])

describe('elements', () => {
  const events = eventsOf(0, 3000)
  const compact = JSON.stringify(events)
  const printed = JSON.stringify(events, null, 2)

  it.each([
    ['an array on one line', compact],
    ['a printed array', printed],
    ['a printed array, packed', gzipSync(printed)],
    [
      'an array a line',
      `${JSON.stringify(events.slice(0, 9))}\n${JSON.stringify(events.slice(9))}\n`,
    ],
    ['printed objects', events.map((event) => JSON.stringify(event, null, '\t')).join('\n')],
  ])('%s', async (_, content) => {
    const file = fileWith('events.json', content)
    const ended = await importing(file, '--body-bytes', '65536')
    expect([ended.code, ended.stderr]).toEqual([0, ''])
    expect(JSON.parse(ended.stdout)).toMatchObject({ complete: true, lines: 3000, accepted: 3000 })
    expect(await received()).toEqual([3000])
    expect(existsSync(`${file}.pushledger-import`)).toBe(false)
  })

  it('from a pipe, as they come', async () => {
    const args = ['import', '-', '--json', '--quiet']
    const ended = await place.start(args, variables(), Buffer.from(printed)).ended
    expect([ended.code, await received()]).toEqual([0, [3000]])
  })

  it('that are refused are told by their number', async () => {
    const bad = { ...eventOf(0), type: 'opened' }
    const long = { ...eventOf(0), registration_ids: ['x'.repeat(2000)] }
    const file = fileWith('some.json', JSON.stringify([...eventsOf(0, 60), bad, 7, long], null, 1))
    const args = ['import', file, '--body-bytes', '1024']
    const { code, stdout } = await place.run(args, variables())
    expect(code).toBe(1)
    expect(stdout).toContain(`\n    ${file}, element 61: type must be`)
    expect(stdout).toContain(`\n    ${file}, element 62: `)
    expect(stdout).toContain(`\n    ${file}, element 63: the line is longer than 1024 bytes`)
    const { refusals } = JSON.parse((await importing(...args.slice(1))).stdout)
    const numbers = refusals.map(({ first }: { first: { line: number }[] }) => first[0]?.line)
    expect(numbers.sort()).toEqual([61, 62, 63])
  })

  it('before a break are sent, and the break is named', async () => {
    const text = JSON.stringify(events)
    const file = fileWith('broken.json', text.slice(0, -20))
    const { code, stderr } = await importing(file, '--body-bytes', '65536', '--quiet')
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /broken\.json cannot be read to its end: it ends inside of element 3000: [1-9][\d,]+ elements of /,
    )
    expect((await received())[0]).toBeGreaterThan(1000)
  })
})

it('an array that was broken off goes on after the last element that was answered', async () => {
  const count = 30_000
  const file = fileWith('long.json', JSON.stringify(eventsOf(0, count), null, 2))
  const args = ['import', file, '--body-bytes', '16384', '--connections', '2', '--json']
  const running = place.start(args, variables())
  await until('some are answered', () => existsSync(`${file}.pushledger-import`))
  running.kill('SIGKILL')
  await running.ended
  const ended = await place.run(args, variables())
  expect([ended.code, ended.stderr]).toEqual([
    0,
    expect.stringMatching(/long\.json goes on after element \d+\n/),
  ])
  const { lines, lines_now } = JSON.parse(ended.stdout)
  expect(lines).toBe(count)
  expect(lines_now).toBeLessThan(count)
  expect(await received()).toEqual([count])
})

describe('a named pipe', () => {
  const pipe = (): string => {
    const path = join(place.dir, 'pipe')
    expect(spawnSync('mkfifo', [path]).status).toBe(0)
    return path
  }
  const startOn = (path: string) => place.start(['import', path, '--json', '--quiet'], variables())

  it('is read to its end', async () => {
    const path = pipe()
    const running = startOn(path)
    const writer = createWriteStream(path)
    for (const event of eventsOf(0, 5000)) writer.write(`${JSON.stringify(event)}\n`)
    writer.end()
    expect((await running.ended).code).toBe(0)
    expect(await received()).toEqual([5000])
  })

  it.each([
    ['that nobody has opened', false],
    ['that nobody writes to', true],
  ])('%s is given up at the first signal', async (_, isOpened) => {
    const path = pipe()
    const running = startOn(path)
    await until('it waits', () => /can be read only once/.test(running.stderr()))
    const writer = isOpened ? createWriteStream(path) : undefined
    if (writer !== undefined) await new Promise((resolve) => writer.once('open', resolve))
    running.kill('SIGTERM')
    const { code, stderr } = await running.ended
    expect([code, stderr]).toEqual([130, expect.stringMatching(/stopped: 0 lines of \S+pipe are/)])
    writer?.destroy()
  })
})
