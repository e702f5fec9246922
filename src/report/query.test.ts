// What a query may look like, and which lists of ids are refused.
import { describe, expect, it } from 'vitest'
import { Fault } from '../ledger/fault.ts'
import { parseMsgIds, parseQuery } from './query.ts'

const hundred = Array.from({ length: 100 }, (_, i) => i + 1)

describe('msg_ids', () => {
  it.each([
    ['msg_ids=1613113584,1229760629', ['1613113584', '1229760629']],
    ['msg_ids=1%2C2', ['1', '2']],
    ['msg_ids=1%2C+2', ['1', '2']],
    ['msg_ids=1,%202', ['1', '2']],
    ['msg_ids=1,2,', ['1', '2']],
    ['msg_ids=,,1,%20,2', ['1', '2']],
    ['msg_ids=2&msg_ids=1', ['2', '1']],
    ['msg%5Fids=7', ['7']],
    ['a=%zz&%zz=1&msg_ids=7&b', ['7']],
    ['msg_ids=3,1,3,1', ['3', '1']],
    ['msg_ids=9223372036854775807', ['9223372036854775807']],
    [`msg_ids=${hundred}`, hundred.map(String)],
  ])('%s', (raw, ids) => {
    expect(parseMsgIds(parseQuery(raw))).toEqual(ids)
  })

  it.each([
    ['', 'msg_ids is missing'],
    ['msg_ids', 'msg_ids is missing'],
    ['msg_ids=,%20,', 'msg_ids is missing'],
    ['MSG_IDS=1', 'msg_ids is missing'],
    ['msg_ids=0', 'only integers'],
    ['msg_ids=01', 'only integers'],
    ['msg_ids=-1', 'only integers'],
    ['msg_ids=1.0', 'only integers'],
    ['msg_ids=1e3', 'only integers'],
    ['msg_ids=1%202', 'only integers'],
    ['msg_ids=9223372036854775808', 'only integers'],
    ['msg_ids=99999999999999999999', 'only integers'],
    ['msg_ids=%D9%A1', 'only integers'],
    ['msg_ids=1;2', 'only integers'],
    ['msg_ids=%zz', 'broken %-escape'],
    ['msg_ids=%', 'broken %-escape'],
    ['msg_ids=1&msg_ids=%ff', 'broken %-escape'],
    [`msg_ids=${hundred},1`, 'at most 100'],
  ])('%s is refused', (raw, message) => {
    const parse = () => parseMsgIds(parseQuery(raw))
    expect(parse).toThrow(Fault)
    expect(parse).toThrow(message)
  })
})
