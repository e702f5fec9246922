// (f) Questions while the broadcast is told as fast as it goes: how long they take, and how much the
// telling is slowed by two hundred of them a second. Alone and with questions in turns, each telling a
// message of its own to the same devices.
import { bodiesOf, tell } from '../peers/pushledger.ts'
import { head, median, number, row, spread, title } from '../report.ts'
import { devices, runs } from '../size.ts'
import type { Connection } from '../wire/connection.ts'
import { askAtPace, latencyOf } from '../wire/latency.ts'
import { broadcast, broadcastId } from '../world/broadcast.ts'
import type { World } from '../world/world.ts'
import { detailMany, receivedOne, statusOf } from './ask.ts'
import { Place } from './place.ts'

const aSecond = 200
const askers = 8
const kinds = ['/received of one id', '/messages/detail of 100 ids', '/status/message of 1,000 ids']
const mix = [0, 0, 0, 1, 0, 0, 1, 0, 0, 2] as const
const someIds = Array.from({ length: 100 }, (_, n) => broadcastId(n))

/** Facts a second of one message told whole. */
const tellWhole = async (place: Place, world: World, n: number): Promise<number> => {
  const part = world.parts[n] as World['parts'][number]
  const bodies = bodiesOf(world, part, [place.authorization])
  const began = performance.now()
  await tell(bodies, place.to)
  return part.table.length / ((performance.now() - began) / 1000)
}

const question = ({ authorization }: Place, turn: number): Buffer => {
  const kind = mix[turn % mix.length]
  if (kind === 0) return receivedOne(authorization, broadcastId(turn % 2))
  if (kind === 1) return detailMany(authorization, someIds)
  return statusOf(authorization, broadcastId(0), devices, turn)
}

const tellAsked = async (
  place: Place,
  world: World,
  n: number,
  taken: readonly number[][],
): Promise<number> => {
  const by: readonly Connection[] = await place.more(askers)
  let isTelling = true
  const told = tellWhole(place, world, n).finally(() => {
    isTelling = false
  })
  const asked = askAtPace(
    by,
    aSecond,
    () => isTelling,
    (turn) => question(place, turn),
    (turn, ms) => taken[mix[turn % mix.length] as number]?.push(ms),
  )
  const [rate] = await Promise.all([told, asked])
  for (const connection of by) connection.close()
  return rate
}

export const load = (): Promise<void> =>
  Place.use(async (place) => {
    title(`questions while a broadcast to ${number(devices)} devices is told`)
    const world = broadcast(devices, false, Date.now(), 1 + 2 * runs)
    await tellWhole(place, world, 0)
    const alone: number[] = []
    const asked: number[] = []
    const taken = kinds.map((): number[] => [])
    for (let run = 0; run < runs; run++) {
      alone.push(await tellWhole(place, world, 1 + run * 2))
      asked.push(await tellAsked(place, world, 2 + run * 2, taken))
    }
    head('told', 'facts/s', 'slowed by')
    row('alone', spread(alone), '')
    const slower = (1 - median(asked) / median(alone)) * 100
    row(`at ${aSecond} questions/s`, spread(asked), `${number(slower, 1)} %`)
    console.log('')
    head('asked meanwhile', 'questions', 'median ms', 'p99 ms', 'most ms')
    for (const [kind, name] of [...kinds, 'all'].entries()) {
      const { count, median, p99, most } = latencyOf(taken[kind] ?? taken.flat())
      row(name, number(count), number(median, 2), number(p99, 2), number(most, 2))
    }
  })
