// Events as columns, for the way from thread to thread: ten thousand objects, one by one, would take longer to
// hand over than to read.
import { CELL_COUNT, type Cell, PLATFORMS } from '../../ledger/channel.ts'
import { DEVICE_EVENTS, type ToldEvent } from '../../ledger/event-batch.ts'
import type { MsgId } from '../../ledger/ids.ts'

export interface PackedEvents {
  /** A cell; or, from CELL_COUNT on, what is told of a device, and its platform. */
  readonly kinds: Uint16Array<ArrayBuffer>
  readonly times: Float64Array<ArrayBuffer>
  /** The ids of the messages one behind the other. */
  readonly msgIds: string
  /** 0 for an event about a device. */
  readonly msgIdLengths: Uint8Array<ArrayBuffer>
}

const eventsAtOnce = 4096

export const packEvents = (events: readonly ToldEvent[]): PackedEvents => {
  const kinds = new Uint16Array(events.length)
  const times = new Float64Array(events.length)
  const msgIdLengths = new Uint8Array(events.length)
  let msgIds = ''
  events.forEach((event, i) => {
    times[i] = event.atMs
    if (event.about === 'message') {
      kinds[i] = event.cell
      msgIds += event.msgId
      msgIdLengths[i] = event.msgId.length
    } else {
      const about = DEVICE_EVENTS.indexOf(event.about)
      kinds[i] = CELL_COUNT + about * PLATFORMS.length + PLATFORMS.indexOf(event.platform)
    }
  })
  return { kinds, times, msgIds, msgIdLengths }
}

/** Yields wherever it may be interrupted. */
export function* unpackEvents(packed: PackedEvents): Generator<void, readonly ToldEvent[]> {
  const { kinds, times, msgIds, msgIdLengths } = packed
  const events: ToldEvent[] = []
  let at = 0
  for (let i = 0; i < kinds.length; i++) {
    if (i > 0 && i % eventsAtOnce === 0) yield
    const kind = kinds[i] as number
    const atMs = times[i] as number
    if (kind < CELL_COUNT) {
      const end = at + (msgIdLengths[i] as number)
      const msgId = msgIds.slice(at, end) as MsgId
      events.push({ about: 'message', msgId, cell: kind as Cell, atMs })
      at = end
    } else events.push({ ...deviceEventOf(kind - CELL_COUNT), atMs })
  }
  return events
}

const deviceEventOf = (number: number) => {
  const about = DEVICE_EVENTS[Math.floor(number / PLATFORMS.length)]
  const platform = PLATFORMS[number % PLATFORMS.length]
  if (about === undefined || platform === undefined) throw new Error(`no device event ${number}`)
  return { about, platform }
}
