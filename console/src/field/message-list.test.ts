// The list of messages as it grows at both ends.
import { describe, expect, it } from 'vitest'
import type { RecentMessage } from '../../../src/http/endpoint/wire.ts'
import { withHead, withTail } from './message-list.ts'

const message = (id: string, target = 1): RecentMessage => ({
  msg_id: id,
  first_hour: '2026-01-01 08',
  latest_day: '2026-01-01',
  settled: false,
  notification: { target },
})
const ids = ({ items }: { items: readonly RecentMessage[] }) => items.map(({ msg_id }) => msg_id)

const list = { items: [message('3'), message('2'), message('1')], next: 'c1' }

describe('a list of messages', () => {
  it('begins with the first page', () => {
    expect(withHead(undefined, list)).toBe(list)
  })

  it('takes new ones at its head and keeps where it goes on', () => {
    const after = withHead(list, { items: [message('4'), message('3', 9)], next: 'c3' })
    expect(ids(after)).toEqual(['4', '3', '2', '1'])
    expect(after.next).toBe('c1')
    expect(after.items[1]?.notification?.target).toBe(9)
    expect(after.items[2]).toBe(list.items[1])
  })

  it('keeps what did not change', () => {
    expect(withHead(list, { items: [message('3')], next: 'c3' }).items[0]).toBe(list.items[0])
  })

  it('begins anew where there may be a gap', () => {
    const page = { items: [message('9'), message('8')], next: 'c8' }
    expect(withHead(list, page)).toBe(page)
  })

  it('goes on at its tail, each message once', () => {
    const after = withTail(list, { items: [message('1'), message('0')], next: null })
    expect(ids(after)).toEqual(['3', '2', '1', '0'])
    expect(after.next).toBeNull()
  })
})
