// Which devices a rate counts, and which channels it names as left out.
import { describe, expect, it } from 'vitest'
import { CAPABILITIES, CHANNELS, type Channel } from './channel.ts'
import type { ChannelCounts, Kind } from './channel-counts.ts'
import { coverageOf } from './coverage.ts'
import { countsOf } from './stage.ts'

const row = (
  channel: Channel,
  counts: Parameters<typeof countsOf>[0],
  kind: Kind = 'notification',
): ChannelCounts => ({ platform: 'android', channel, kind, counts: countsOf(counts) })

describe('the coverage of a rate', () => {
  it('leaves out the channels that cannot report, and names them', () => {
    const rows = [
      row('xm', { target: 110, sent: 100, received: 80 }),
      row('fcm', { target: 50, sent: 40 }),
      row('mpns', { target: 60, sent: 60 }),
    ]
    expect(coverageOf(rows, 'received')).toEqual({
      reach: 200,
      covered: 100,
      reached: 80,
      rate: 0.8,
      share: 0.5,
      leftOut: [
        { channel: 'mpns', ability: 'no', reach: 60 },
        { channel: 'fcm', ability: 'partly', reach: 40 },
      ],
    })
  })

  it('counts a channel that reports all the same', () => {
    const rows = [row('hw', { sent: 100, click: 5 }), row('honor', { sent: 100 })]
    const { rate, share, leftOut } = coverageOf(rows, 'click')
    expect({ rate, share }).toEqual({ rate: 0.05, share: 0.5 })
    expect(leftOut).toEqual([{ channel: 'honor', ability: 'no', reach: 100 }])
  })

  it('counts a channel that reports only partly never', () => {
    const { rate, share } = coverageOf([row('fcm', { sent: 100, received: 1 })], 'received')
    expect({ rate, share }).toEqual({ rate: undefined, share: 0 })
  })

  it('takes the targets where nobody tells what was sent', () => {
    expect(coverageOf([row('jpush', { target: 30, received: 15 })], 'received').rate).toBe(0.5)
  })

  it('asks clicks of notifications alone, and receipts of custom messages too', () => {
    const rows = [
      row('jpush', { sent: 10, received: 10, click: 1 }),
      row('jpush', { sent: 30 }, 'message'),
    ]
    expect(coverageOf(rows, 'click').rate).toBe(0.1)
    expect(coverageOf(rows, 'received').rate).toBe(0.25)
  })

  it('is no rate where a channel reports more than was sent, though the sum would pass', () => {
    const rows = [row('jpush', { target: 3, received: 30 }), row('xm', { sent: 100, received: 1 })]
    expect(coverageOf(rows, 'received')).toMatchObject({ covered: 103, reached: 31 })
    expect(coverageOf(rows, 'received').rate).toBeUndefined()
  })

  it('of nothing is nothing', () => {
    expect(coverageOf([], 'received')).toMatchObject({ rate: undefined, share: undefined })
  })
})

it('every channel says what it can report, and under what condition', () => {
  for (const channel of CHANNELS) {
    const { received, display, click, note } = CAPABILITIES[channel]
    if ([received, display, click].includes('partly')) expect(note, channel).toMatch(/\w/)
  }
})
