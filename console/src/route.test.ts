// Addresses and what they say.
import { describe, expect, it } from 'vitest'
import { hashOf, parseRoute, type Route } from './route.ts'

const routes: readonly (readonly [string, Route])[] = [
  ['#/', { page: 'overview' }],
  ['#/messages', { page: 'messages' }],
  ['#/messages?day=2026-01-31', { page: 'messages', day: '2026-01-31' }],
  ['#/messages/9223372036854775807', { page: 'message', msgId: '9223372036854775807' }],
  ['#/messages/%3Cscript%3E', { page: 'message', msgId: '<script>' }],
  ['#/devices', { page: 'devices' }],
  ['#/devices?msg_id=42', { page: 'devices', msgId: '42' }],
  ['#/feed', { page: 'feed', hours: 24 }],
  ['#/feed?hours=744', { page: 'feed', hours: 744 }],
  ['#/log-in', { page: 'log-in' }],
]

describe('a hash and the route that it says', () => {
  it.each(routes)('%s', (hash, route) => {
    expect(parseRoute(hash)).toEqual(route)
    expect(hashOf(route)).toBe(hash)
  })
})

describe('a hash that someone typed', () => {
  it.each<[string, Route]>([
    ['', { page: 'overview' }],
    ['#', { page: 'overview' }],
    ['#messages', { page: 'messages' }],
    ['#/messages/', { page: 'messages' }],
    ['#/messages?day=yesterday', { page: 'messages' }],
    ['#/feed?hours=1e9', { page: 'feed', hours: 24 }],
    ['#/messages/1/2', { page: 'lost' }],
    ['#/messages/%', { page: 'lost' }],
    ['#/nowhere', { page: 'lost' }],
  ])('%s', (hash, route) => {
    expect(parseRoute(hash)).toEqual(route)
  })
})
