// Questions that are worth asking of the demo, as curl lines that a shell takes as they stand, each
// with what it shows.
import type { DemoPush, DemoWorld } from '../demo/world.ts'
import { formatDay, msPerDay, openZone } from '../ledger/day.ts'

export interface Question {
  readonly shows: string
  readonly curl: string
}

export interface Asking {
  readonly url: string
  readonly key: string
  readonly secret: string
  readonly nowMs: number
  readonly timeZone: string
}

const days = 14

/** All six reports; of `/users` by day and by hour. */
export const questionsOf = (world: DemoWorld, asking: Asking): readonly Question[] => {
  const { pushes } = world
  const broadcasts = pushes.filter(({ to, kinds }) => to === 1 && kinds[0] === 'notification')
  const sale = broadcasts.find(({ name }) => name.startsWith('Flash sale'))
  const segment = pushes.findLast(({ to }) => typeof to === 'number' && to < 1)
  const chat = pushes.findLast(({ to }) => typeof to !== 'number')
  const about = [sale, segment, chat].filter((push) => push !== undefined)
  const zone = openZone(asking.timeZone)
  if (sale === undefined || zone === undefined) throw new Error('there was no flash sale')
  const dayAgo = (count: number): string => formatDay(zone.dayOf(asking.nowMs - count * msPerDay))
  const get = (shows: string, path: string): Question => ({ shows, curl: lineOf(asking, path) })
  const body = JSON.stringify({ msg_id: sale.msgId, registration_ids: tellingDevices(world, sale) })
  return [
    get(
      `Who received it, by platform: ${about.map(({ name }) => name).join(' · ')}`,
      `/v3/received?msg_ids=${about.map(({ msgId }) => msgId)}`,
    ),
    get('The flash sale by channel', `/v3/received/detail?msg_ids=${sale.msgId}`),
    {
      shows: 'The flash sale on single devices: 0 delivered, 1 not yet, 2 unknown, 3 no target',
      curl: `${lineOf(asking, '/v3/status/message')} -d '${body}'`,
    },
    get(
      'From target to click, all broadcasts',
      `/v3/messages?msg_ids=${broadcasts.map(({ msgId }) => msgId)}`,
    ),
    get('The same of the flash sale, every channel', `/v3/messages/detail?msg_ids=${sale.msgId}`),
    get(
      'People by day: new, online, active',
      `/v3/users?time_unit=DAY&start=${dayAgo(days - 1)}&duration=${days}`,
    ),
    get(
      'Day and night: the hours of yesterday',
      `/v3/users?time_unit=HOUR&start=${dayAgo(1)}%2000&duration=24`,
    ),
  ]
}

const lineOf = ({ url, key, secret }: Asking, path: string): string =>
  `curl -u ${key}:${secret} '${url}${path}'`

/** A device for each status. */
const tellingDevices = (world: DemoWorld, push: DemoPush): readonly string[] => {
  const isDelivered = (device: DemoWorld['devices'][number]): boolean =>
    world
      .journey(push, device)
      .some(({ steps }) => steps.some(({ stage }) => stage === 'received' || stage === 'click'))
  const { devices } = world
  const chosen = [
    devices.find(isDelivered),
    devices.find((device) => device.joinedMs < push.atMs && !isDelivered(device)),
    devices.find((device) => device.joinedMs > push.atMs),
  ]
  return [...chosen.flatMap((device) => device?.id ?? []), 'nobody']
}
