// The rows that a detail is read into, and how they add up.
import { describe, expect, it } from 'vitest'
import { channelCountsOf, type Detail, groupsOf, totalOf, totalOfKinds } from './channel-counts.ts'

const empty: Detail = { jpush: {}, android_pns: {}, ios: {}, winphone: {}, details: {} }

const detail: Detail = {
  ...empty,
  winphone: { mpns_target: 100, mpns_sent: 90, click: null },
  details: {
    notification: {
      target: 242,
      sent: 206,
      sub_android: { jg_android: { target: 30, received: 20 }, xiaomi: { target: 5, sent: 4 } },
      sub_quickapp: { quick_xiaomi: { target: 2, sent: 1 } },
    },
    message: { target: 80, sub_ios: { jg_ios: { target: 80, received: 80 } } },
  },
}

const inShort = (rows: ReturnType<typeof groupsOf>) =>
  rows.map(({ id, counts }) => [id, counts.target])

describe('the rows of a message', () => {
  const rows = channelCountsOf(detail)

  it('are one for each platform, channel and kind', () => {
    expect(rows.map(({ platform, channel, kind }) => [platform, channel, kind])).toEqual([
      ['android', 'jpush', 'notification'],
      ['android', 'xm', 'notification'],
      ['quickapp', 'xm', 'notification'],
      ['ios', 'jpush', 'message'],
      ['winphone', 'mpns', 'notification'],
    ])
    expect(rows.at(-1)?.counts).toEqual({
      target: 100,
      sent: 90,
      received: 0,
      display: 0,
      click: 0,
    })
  })

  it('are none for a message that nothing is known of, and for a channel that we do not know', () => {
    expect(channelCountsOf(empty)).toEqual([])
    const strange = { notification: { sub_android: { telex: { target: 1 } } } }
    expect(channelCountsOf({ ...empty, details: strange })).toEqual([])
  })

  it('add up by channel, vendor and platform, most targets first', () => {
    expect(inShort(groupsOf(rows, 'channel'))).toEqual([
      ['winphone mpns', 100],
      ['ios jpush', 80],
      ['android jpush', 30],
      ['android xm', 5],
      ['quickapp xm', 2],
    ])
    expect(inShort(groupsOf(rows, 'vendor'))).toEqual([
      ['jpush', 110],
      ['mpns', 100],
      ['xm', 7],
    ])
    expect(inShort(groupsOf(rows, 'platform'))).toEqual([
      ['winphone', 100],
      ['ios', 80],
      ['android', 35],
      ['quickapp', 2],
    ])
  })
})

it('totals are those of the answer, where a device counts once', () => {
  expect(totalOf(detail, 'notification')).toMatchObject({ target: 242, sent: 206, click: 0 })
  expect(totalOfKinds(detail).target).toBe(322)
})
