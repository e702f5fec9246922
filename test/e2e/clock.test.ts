// The whole server while its clock is wrong: nothing expires, reports answer as of a believed time, an
// operator is warned, and all of it ends by itself. Both clocks are moved by hand.
import { randomBytes } from 'node:crypto'
import { expect, it, onTestFinished } from 'vitest'
import { openApps, parseAppName, parseTimeZone } from '../../src/apps/apps.ts'
import { openLog } from '../../src/runtime/log.ts'
import { type ServeSettings, type Serving, serve } from '../../src/server/server.ts'
import { openTables } from '../../src/store/open.ts'
import { type Caller, callerOf } from '../support/caller.ts'
import { makeTempDir } from '../support/temp-dir.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const noon = Date.parse('2026-06-01T12:00:00+08:00')
const token = 'a-token-of-this-test'

interface World {
  readonly caller: () => Caller
  readonly lines: readonly string[]
  /** Real time passes. */
  pass(ms: number): void
  /** Somebody sets the clock. */
  jump(ms: number): void
  now(): number
  /** Ends the server, and starts it again on the same directory. */
  restart(settings?: Partial<ServeSettings>): Promise<void>
  ready(): Promise<string>
  aheadSeconds(): Promise<number>
}

const open = async (): Promise<World> => {
  const dir = makeTempDir()
  const tables = openTables(dir.path)
  const issued = await openApps(tables.apps, randomBytes, () => noon).create({
    name: parseAppName('shop')!,
    vip: true,
    timeZone: parseTimeZone('Asia/Shanghai')!,
  })
  await tables.close()
  const { record, secret } = issued!
  const clock = { wallMs: noon, steadyMs: 0 }
  const lines: string[] = []
  const log = openLog('info', { write: (line) => lines.push(line) })
  const start = (settings: Partial<ServeSettings> = {}): Promise<Serving> =>
    serve(
      {
        data: dir.path,
        host: '127.0.0.1',
        port: 0,
        rateLimit: 0,
        keepDays: 31,
        bodyBytesMax: 1_048_576,
        lineDevicesMax: 100,
        console: false,
        metricsToken: token,
        ...settings,
      },
      () => clock.wallMs,
      log,
      () => clock.steadyMs,
    )
  let serving = await start()
  onTestFinished(async () => {
    await serving.close()
    dir.remove()
  })
  return {
    caller: () => callerOf(serving.url, { key: record.key, secret }),
    lines,
    pass: (ms) => {
      clock.wallMs += ms
      clock.steadyMs += ms
    },
    jump: (ms) => {
      clock.wallMs += ms
    },
    now: () => clock.wallMs,
    restart: async (settings) => {
      await serving.close()
      clock.steadyMs = 0
      serving = await start(settings)
    },
    ready: async () => {
      const answer = await fetch(`${serving.url}/readyz`)
      return `${answer.status} ${await answer.text()}`
    },
    aheadSeconds: async () => {
      const headers = { authorization: `Bearer ${token}` }
      const text = await (await fetch(`${serving.url}/metrics`, { headers })).text()
      return Number(/^pushledger_clock_ahead_seconds (\S+)$/m.exec(text)?.[1])
    },
  }
}

const received = (time: number | undefined, ...devices: string[]): object => ({
  type: 'received',
  msg_id: '7',
  platform: 'android',
  registration_ids: devices,
  time,
})
const online = (time: number | undefined): object => ({
  type: 'online',
  registration_id: 'a',
  platform: 'android',
  time,
})

/** How many devices were online on the day of a moment. */
const onlineOn = async (world: World, ms: number): Promise<unknown> => {
  const day = new Date(ms + 8 * hourMs).toISOString().slice(0, 10)
  const { body } = await world.caller().ask(`/v3/users?time_unit=DAY&start=${day}&duration=1`)
  return (body as { items: { android?: { online: number } }[] }).items?.[0]?.android?.online
}

const warned = '200 {"status":"ready","warnings":["clock"]}'
const quiet = '200 {"status":"ready"}'
const wordsOf = ({ lines }: World): string[] =>
  lines.map((line) => JSON.parse(line) as { msg: string }).map(({ msg }) => msg)

it('a clock that runs 40 days ahead makes nothing expire, and is believed when it returns', async () => {
  const world = await open()
  await world.caller().told([received(noon, 'a', 'b'), online(noon)])
  expect([await world.ready(), await world.aheadSeconds()]).toEqual([quiet, 0])

  world.jump(40 * dayMs)
  expect([await world.ready(), await world.aheadSeconds()]).toEqual([warned, (40 * dayMs) / 1000])
  expect(await world.caller().received(['7'])).toEqual([2])
  expect(await onlineOn(world, noon - 30 * dayMs)).toBeUndefined()
  expect(await onlineOn(world, noon)).toBe(1)
  // A sender whose clock is right is as much in time as it was, and its message goes on.
  await world.caller().told([received(noon + 1000, 'c'), received(noon - 31 * dayMs, 'a')])
  expect(await world.caller().received(['7'])).toEqual([3])
  const late = await world.caller().tell([received(noon - 32 * dayMs, 'd')])
  expect(late.status).toBe(400)
  expect(wordsOf(world).filter((words) => words.includes('more than a day ahead'))).toHaveLength(1)

  world.pass(60_000)
  world.jump(-40 * dayMs)
  expect([await world.ready(), await world.aheadSeconds()]).toEqual([quiet, 0])
  expect(await world.caller().received(['7'])).toEqual([3])
  expect(wordsOf(world).at(-1)).toBe('the clock is believed again')
})

it('a server that is started with such a clock does not believe it either', async () => {
  const world = await open()
  await world.caller().told([received(noon, 'a', 'b')])
  world.jump(40 * dayMs)
  await world.restart()
  expect(await world.ready()).toBe(warned)
  expect(await world.caller().received(['7'])).toEqual([2])
  world.jump(-40 * dayMs)
  await world.restart()
  expect([await world.ready(), await world.caller().received(['7'])]).toEqual([quiet, [2]])
})

it('a server that was off for a week believes with the first events, and lets expire an hour later', async () => {
  const world = await open()
  await world.caller().told([received(noon - 29 * dayMs, 'a', 'b')])
  world.jump(7 * dayMs)
  await world.restart()
  expect(await world.ready()).toBe(warned)
  await world.caller().told([online(world.now() - 1000)])
  // Reports answer as of now, but nothing has expired yet.
  expect(await onlineOn(world, world.now())).toBe(1)
  expect(await world.caller().received(['7'])).toEqual([2])
  world.pass(hourMs)
  expect(await world.ready()).toBe(quiet)
  expect(await world.caller().received(['7'])).toEqual([null])
})

it('what a clock has placed itself is in the reports, though nothing confirms the clock', async () => {
  const world = await open()
  await world.caller().told([received(noon, 'a', 'b')])
  world.jump(40 * dayMs)
  await world.restart()
  await world.caller().told([online(undefined), received(undefined, 'c')])
  expect(await world.ready()).toBe(warned)
  expect(await onlineOn(world, world.now())).toBe(1)
  expect(await world.caller().received(['7'])).toEqual([3])
})

it('a sender that shares the wrong clock makes nothing expire within the hour', async () => {
  const world = await open()
  await world.caller().told([received(noon, 'a', 'b')])
  world.jump(40 * dayMs)
  await world.caller().told([online(world.now())])
  world.pass(hourMs / 2)
  expect(await world.caller().received(['7'])).toEqual([2])
  await world.restart()
  expect(await world.caller().received(['7'])).toEqual([2])
  world.jump(-40 * dayMs)
  expect([await world.ready(), await world.caller().received(['7'])]).toEqual([quiet, [2]])
})

it('--trust-clock on believes it at once', async () => {
  const world = await open()
  await world.caller().told([received(noon, 'a', 'b')])
  world.jump(40 * dayMs)
  await world.restart({ trustClock: true })
  expect([await world.ready(), await world.caller().received(['7'])]).toEqual([quiet, [null]])
})
