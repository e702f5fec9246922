// (e) Questions to a ledger that knows many devices: one message to all of them on seven channels,
// three stages on three days, and 99 small ones; sixty days of users. Each kind of question in turn,
// over one connection, nothing else going on. Then the memory it takes, and the time from its start to
// the first answer about a device.
import { head, mebibytes, number, row, title } from '../report.ts'
import { questions } from '../size.ts'
import type { Connection } from '../wire/connection.ts'
import { askInTurn, latencyOf } from '../wire/latency.ts'
import { anonymousBytes } from '../wire/process.ts'
import { broadcastId } from '../world/broadcast.ts'
import { scattered, seeded } from '../world/random.ts'
import { channels } from '../world/table.ts'
import { about, type Told } from '../world/told.ts'
import { dayMs, detailMany, statusOf, usersDays, usersOf } from './ask.ts'
import { Place } from './place.ts'

const stages = ['target', 'sent', 'received'] as const
const small = 1_000
const onlineShare = 0.03
const activeShare = 0.01
const msgs = Array.from({ length: 100 }, (_, n) => broadcastId(n))

/** One message to so many devices, by every channel to some, told over three days. */
function* message(msg: bigint, devices: number, of: number, atMs: number): Generator<Told> {
  const device = scattered(of, seeded(Number(msg % 1_000_003n)))
  const each = Math.ceil(devices / channels.length)
  for (const [stage, type] of stages.entries()) {
    for (const [n, channel] of channels.entries()) {
      const from = n * each
      const count = Math.max(0, Math.min(each, devices - from))
      const told = { members: about(type, msg, channel), devices: count }
      yield { ...told, atMs: atMs - (2 - stage) * dayMs, device: (i) => device(from + i) }
    }
  }
}

function* users(devices: number, atMs: number): Generator<Told> {
  const device = scattered(devices, seeded(4))
  const shares = [
    ['register', 1 / usersDays],
    ['online', onlineShare],
    ['active', activeShare],
  ] as const
  for (let day = 0; day < usersDays; day++) {
    for (const [type, part] of shares) {
      const count = Math.floor(devices * part)
      const from = type === 'register' ? day * count : day * 104_729
      yield {
        members: `"type":"${type}","platform":"android"`,
        atMs: atMs - (usersDays - 1 - day) * dayMs,
        devices: count,
        device: (i) => device((from + i) % devices),
      }
    }
  }
}

function* everything(devices: number, atMs: number): Generator<Told> {
  for (const [n, msg] of msgs.entries()) {
    yield* message(msg, n === 0 ? devices : Math.min(small, devices), devices, atMs)
  }
  yield* users(devices, atMs)
}

function* times(count: number, request: (turn: number) => Buffer): Generator<Buffer> {
  for (let turn = 0; turn < count; turn++) yield request(turn)
}

const measure = async (place: Place, devices: number, atMs: number): Promise<void> => {
  const { authorization } = place
  const kinds: Record<string, (turn: number) => Buffer> = {
    '/messages/detail of 100 ids': () => detailMany(authorization, msgs),
    '/status/message of 1,000 ids': (turn) =>
      statusOf(authorization, broadcastId(0), devices, turn),
    '/users of 60 days': () => usersOf(authorization, atMs),
  }
  head('asked', 'median ms', 'p99 ms', 'most ms')
  for (const [kind, request] of Object.entries(kinds)) {
    const connection = place.to[0] as Connection
    await askInTurn(connection, times(Math.ceil(questions / 10), request))
    const { median, p99, most } = latencyOf(await askInTurn(connection, times(questions, request)))
    row(kind, number(median, 2), number(p99, 2), number(most, 2))
  }
}

export const askOf = (devices: number): Promise<void> =>
  Place.use(async (place) => {
    title(`questions at ${number(devices)} devices`)
    const atMs = Date.now()
    await place.tell(everything(devices, atMs))
    await measure(place, devices, atMs)
    const memory = anonymousBytes(place.server.pid)
    const bytes = await place.stop()
    await place.start()
    const first = statusOf(place.authorization, broadcastId(0), devices, 0)
    const [taken = 0] = await askInTurn(place.to[0] as Connection, [first])
    const started = (place.server.startedInMs + taken) / 1000
    console.log(
      `\nOwn memory ${mebibytes(memory)} MiB, ${mebibytes(anonymousBytes(place.server.pid))} MiB after a fresh start`,
    )
    console.log(
      `and one question; ${number(started, 2)} s from the start to the first status answered; ${mebibytes(bytes)} MiB on disk.`,
    )
  })
