// Events go from thread to thread as columns, and must arrive as they were.
import { expect, it } from 'vitest'
import { CELLS, PLATFORMS } from '../../ledger/channel.ts'
import { DEVICE_EVENTS, type ToldEvent } from '../../ledger/event-batch.ts'
import type { MsgId } from '../../ledger/ids.ts'
import { packEvents, unpackEvents } from './event-columns.ts'

const unpacked = (events: readonly ToldEvent[]): readonly ToldEvent[] => {
  const unpacking = unpackEvents(packEvents(events))
  for (;;) {
    const step = unpacking.next()
    if (step.done === true) return step.value
  }
}

it('brings every kind of event over as it was', () => {
  const ids = ['1', '58545795622195712', '9223372036854775807'] as MsgId[]
  const events: ToldEvent[] = [
    ...CELLS.map((cell, i): ToldEvent => {
      return { about: 'message', msgId: ids[i % ids.length]!, cell, atMs: 1_769_860_800_000 + i }
    }),
    ...DEVICE_EVENTS.flatMap((about) =>
      PLATFORMS.map(
        (platform, i): ToldEvent => ({ about, platform, atMs: 62_167_219_200_001 * i }),
      ),
    ),
    { about: 'message', msgId: ids[2]!, cell: CELLS[0]!, atMs: -1 },
  ]
  expect(unpacked(events)).toEqual(events)
})

it('brings over none, and more than go at once', () => {
  expect(unpacked([])).toEqual([])
  const many = Array.from({ length: 10_000 }, (_, i): ToldEvent => {
    return { about: 'message', msgId: String(i + 1) as MsgId, cell: CELLS[i % 7]!, atMs: i }
  })
  expect(unpacked(many)).toEqual(many)
})
