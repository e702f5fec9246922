// What a body of /status/message may look like; the answers are tested on the wire, in test/api.
import { describe, expect, it } from 'vitest'
import { openZone, parseDay } from '../ledger/day.ts'
import { Fault } from '../ledger/fault.ts'
import { status } from './status.ts'

const app = { id: 1, zone: openZone('Asia/Shanghai')! }
const noon = Date.parse('2014-06-12T12:00:00+08:00')
const parse = (body: string | Uint8Array) =>
  status.parse(typeof body === 'string' ? Buffer.from(body) : body, app, noon)
const today = parseDay('2014-06-12')
const ids = (count: number) => Array.from({ length: count }, (_, i) => `d${i}`)
/** Too long, empty, with a control character, half a character. */
const noIds = [`${'é'.repeat(256)}e`, '', 'a\u0000', '\ud800']
const asking = (members: object) =>
  JSON.stringify({ msg_id: 7, registration_ids: ['a'], ...members })

describe('is read', () => {
  it.each<readonly [string, string, object]>([
    [
      'a number',
      '{"msg_id":18101211308815829,"registration_ids":["a"]}',
      { msgId: '18101211308815829' },
    ],
    ['text', asking({ msg_id: '18101211308815829' }), { msgId: '18101211308815829' }],
    ['the largest id', asking({ msg_id: '9223372036854775807' }), { msgId: '9223372036854775807' }],
    ['no ids', asking({ registration_ids: [] }), { ids: [] }],
    ['one bare id', asking({ registration_ids: 'a' }), { ids: ['a'] }],
    ['repeats', asking({ registration_ids: ['b', 'a', 'b'] }), { ids: ['b', 'a'] }],
    ['a thousand', asking({ registration_ids: ids(1000) }), { ids: ids(1000) }],
    [
      'odd ids',
      asking({ registration_ids: ['__proto__', 'constructor', '你好 '] }),
      { ids: ['__proto__', 'constructor', '你好 '] },
    ],
    ['ids that no device has', asking({ registration_ids: noIds }), { ids: noIds }],
    ['an empty bare one', asking({ registration_ids: '' }), { ids: [''] }],
    ['no date', asking({}), { asOf: today }],
    ['null for the date', asking({ date: null }), { asOf: today }],
    ['null for both', asking({ date: null, data: null }), { asOf: today }],
    ['a date', asking({ date: '2014-06-11' }), { asOf: parseDay('2014-06-11') }],
    ['a date long ago', asking({ date: '2004-02-29' }), { asOf: parseDay('2004-02-29') }],
    ['data', asking({ data: '2014-06-11' }), { asOf: parseDay('2014-06-11') }],
    [
      'data beside null',
      asking({ date: null, data: '2014-06-11' }),
      { asOf: parseDay('2014-06-11') },
    ],
    [
      'date before data',
      asking({ date: '2014-06-10', data: 'x' }),
      { asOf: parseDay('2014-06-10') },
    ],
    ['other members', asking({ toString: 1, more: [{ deep: 1.5e300 }] }), { msgId: '7' }],
    [
      'a member called __proto__',
      '{"__proto__":{"date":"x"},"msg_id":7,"registration_ids":[]}',
      { asOf: today },
    ],
    ['a member told twice', '{"msg_id":1,"msg_id":7,"registration_ids":[]}', { msgId: '7' }],
    ['what is encoded twice', JSON.stringify(asking({})), { msgId: '7' }],
    ['a byte order mark', `\ufeff${asking({})}`, { msgId: '7' }],
    ['blanks', ` \r\n\t${asking({})}\n`, { msgId: '7' }],
  ])('%s', (_, body, ask) => {
    expect(parse(body)).toMatchObject(ask)
  })
})

describe('is refused', () => {
  it.each<readonly [string, string | Uint8Array, string]>([
    ['nothing', '', 'JSON'],
    ['a form', 'msg_id=7&registration_ids=a', 'JSON'],
    ['half an object', '{"msg_id":7', 'JSON'],
    ['two objects', `${asking({})}${asking({})}`, 'JSON'],
    ['deep nesting', '['.repeat(200_000), 'JSON'],
    ['deep nesting, closed', `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`, 'levels deep'],
    ['a broken string inside', JSON.stringify('{"msg_id"'), 'JSON'],
    ['encoded thrice', JSON.stringify(JSON.stringify(asking({}))), 'JSON object'],
    ['no UTF-8', Buffer.from(asking({ more: 'é' }), 'latin1'), 'UTF-8'],
    ['an array', '[]', 'JSON object'],
    ['null', 'null', 'JSON object'],
    ['a number', '7', 'JSON object'],
    ['no msg_id', '{"registration_ids":["a"]}', 'msg_id'],
    ['null for msg_id', asking({ msg_id: null }), 'msg_id'],
    ['a fraction', '{"msg_id":7.0,"registration_ids":["a"]}', 'msg_id'],
    ['an exponent', '{"msg_id":7e3,"registration_ids":["a"]}', 'msg_id'],
    ['minus', asking({ msg_id: -7 }), 'msg_id'],
    ['zero', asking({ msg_id: 0 }), 'msg_id'],
    ['blanks around', asking({ msg_id: ' 5' }), 'msg_id'],
    ['beyond 64 bits', '{"msg_id":9223372036854775808,"registration_ids":["a"]}', 'msg_id'],
    ['a list of ids', asking({ msg_id: [7] }), 'msg_id'],
    ['no registration_ids', '{"msg_id":7}', 'registration_ids'],
    ['null for them', asking({ registration_ids: null }), 'registration_ids'],
    ['an object of them', asking({ registration_ids: { a: 1 } }), 'registration_ids'],
    ['a number among them', asking({ registration_ids: [1] }), 'registration_ids'],
    ['1001, one of them twice', asking({ registration_ids: [...ids(1000), 'd0'] }), 'at most 1000'],
    ['a date that is none', asking({ date: '2014-02-30' }), 'date'],
    ['a date in another shape', asking({ date: '20140611' }), 'date'],
    ['an empty date', asking({ date: '' }), 'date'],
    ['a number for the date', asking({ date: 20140611 }), 'date'],
    ['tomorrow', asking({ date: '2014-06-13' }), 'date'],
    ['tomorrow as data', asking({ data: '2014-06-13' }), 'date'],
  ])('%s', (_, body, message) => {
    expect(() => parse(body)).toThrow(Fault)
    expect(() => parse(body)).toThrow(expect.objectContaining({ fault: 'badParameter' }))
    expect(() => parse(body)).toThrow(message)
  })
})
