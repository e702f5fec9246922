// Whether a fact costs more in a larger ledger: receipts one by one in random order, of a message in
// an app of many devices beside one of fewer, and of ten thousand live messages beside a hundred.
import { bodiesOf, tell } from '../peers/pushledger.ts'
import { head, median, number, row, spread, title } from '../report.ts'
import { devices, manyDevices, runs } from '../size.ts'
import { broadcastId } from '../world/broadcast.ts'
import { scattered, seeded, shuffled } from '../world/random.ts'
import { cellOf, openTable, type Table } from '../world/table.ts'
import { about, type Told } from '../world/told.ts'
import { Place } from './place.ts'

const jpush = 0
const fewMessages = 100
const manyMessages = 10_000
const receipts = devices

interface Ground {
  readonly devices: number
  readonly messages: number
}

/** A device of a message: each message has its own share of the devices, or all of them as it is one. */
const deviceOf = (ground: Ground) => {
  const device = scattered(ground.devices, seeded(6))
  const each = Math.max(1, Math.floor(ground.devices / ground.messages))
  return { each, device: (message: number, i: number) => device(message * each + i) }
}

function* targets(ground: Ground, run: number, atMs: number): Generator<Told> {
  const { each, device } = deviceOf(ground)
  for (let n = 0; n < ground.messages; n++) {
    const members = about('target', broadcastId(run * ground.messages + n), 'jpush')
    yield { members, atMs, devices: each, device: (i) => device(n, i) }
  }
}

/** Receipts spread over all targets, in random order. */
const receiptsOf = (ground: Ground, run: number, atMs: number): Table => {
  const { each, device } = deviceOf(ground)
  const table = openTable(receipts)
  const all = each * ground.messages
  const jump = scattered(all, seeded(7 + run))
  for (const i of shuffled(Math.min(receipts, all), seeded(run))) {
    const place = jump(i)
    const message = Math.floor(place / each)
    const msg = broadcastId(run * ground.messages + message)
    table.add(0, msg, cellOf('received', jpush), device(message, place % each), atMs)
  }
  return table.close()
}

const measure = async (ground: Ground): Promise<number[]> => {
  const rates: number[] = []
  await Place.use(async (place) => {
    const atMs = Date.now()
    for (let run = 0; run <= runs; run++) {
      await place.tell(targets(ground, run, atMs))
      const table = receiptsOf(ground, run, atMs)
      const part = { name: 'receipts', table, isShown: true }
      const bodies = bodiesOf({ devicesALine: 1 }, part, [place.authorization])
      const began = performance.now()
      await tell(bodies, place.to)
      // The first only warms up.
      if (run > 0) rates.push(table.length / ((performance.now() - began) / 1000))
    }
  })
  return rates
}

const compareTwo = async (what: string, small: Ground, large: Ground): Promise<void> => {
  const before = await measure(small)
  const after = await measure(large)
  const cost = `${number(median(before) / median(after), 2)} ×`
  row(what, spread(before), spread(after), cost)
}

export const growth = async (): Promise<void> => {
  title('growth: receipts one by one, in random order')
  head('', 'facts/s, smaller', 'facts/s, larger', 'a fact costs')
  await compareTwo(
    `one message, ${number(devices)} and ${number(manyDevices)} devices`,
    { devices, messages: 1 },
    { devices: manyDevices, messages: 1 },
  )
  await compareTwo(
    `${number(devices)} devices, ${number(fewMessages)} and ${number(manyMessages)} live messages`,
    { devices, messages: fewMessages },
    { devices, messages: manyMessages },
  )
}
