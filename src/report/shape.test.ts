// The keys of every report, their order and their presence, on the raw text.
import { describe, expect, it } from 'vitest'
import { MESSAGE_REPORTS, type MessageReport } from '../ledger/field.ts'
import { parseMsgId } from '../ledger/ids.ts'
import { type Counts, fieldsOf, SELECTIONS, selectionOf } from '../ledger/selection.ts'
import { openShape } from './shape.ts'

const write = (report: MessageReport, id = '7', counts: Counts = []) =>
  openShape(report)(parseMsgId(id)!, counts)

const vendorDetail = '{"target":null,"sent":null}'

describe('without data', () => {
  it.each<readonly [MessageReport, string]>([
    [
      '/received',
      '{"msg_id":"7","android_received":null,"ios_apns_sent":null,"ios_apns_received":null,' +
        '"ios_msg_received":null,"wp_mpns_sent":null}',
    ],
    [
      '/received/detail',
      '{"msg_id":"7","jpush_received":null,"android_pns_sent":null,"ios_apns_sent":null,' +
        '"ios_apns_received":null,"ios_msg_received":null,"wp_mpns_sent":null}',
    ],
    [
      '/messages',
      '{"android":{"received":null,"target":null,"online_push":null,"click":null,"msg_click":null},' +
        '"ios":{"apns_sent":null,"apns_target":null,"apns_received":null,"click":null,' +
        '"target":null,"received":null},' +
        '"winphone":{"mpns_target":null,"mpns_sent":null,"click":null},"msg_id":"7"}',
    ],
    [
      '/messages/detail',
      '{"msg_id":7,"jpush":{"target":null,"online_push":null,"received":null,"click":null,' +
        '"msg_click":null},"android_pns":{"pns_target":null,"pns_sent":null,' +
        `"xm_detail":${vendorDetail},"hw_detail":${vendorDetail},"mz_detail":${vendorDetail},` +
        `"oppo_detail":${vendorDetail},"vivo_detail":${vendorDetail},"fcm_detail":${vendorDetail}},` +
        '"ios":{"apns_target":null,"apns_sent":null,"apns_received":null,"apns_click":null,' +
        '"msg_target":null,"msg_received":null},' +
        '"winphone":{"mpns_target":null,"mpns_sent":null,"click":null},"details":{}}',
    ],
  ])('%s', (report, text) => {
    expect(write(report)).toBe(text)
  })
})

describe('with data everywhere', () => {
  const counts = SELECTIONS.map((_, number) => number + 1)

  it.each([...MESSAGE_REPORTS])('%s shows every field at its place', (report) => {
    const item: unknown = JSON.parse(write(report, '7', counts))
    const at = (path: readonly string[]) =>
      path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], item)
    for (const field of fieldsOf(report)) expect(at(field.path)).toBe(selectionOf(field) + 1)
  })

  it('puts newer keys behind those of the page', () => {
    const item = JSON.parse(write('/messages/detail', '7', counts)) as Record<string, object>
    expect(Object.keys(item)).toEqual([
      ...['msg_id', 'jpush', 'android_pns', 'ios', 'winphone', 'details'],
    ])
    expect(Object.keys(item['android_pns']!)).toEqual([
      ...['pns_target', 'pns_sent', 'xm_detail', 'hw_detail', 'mz_detail', 'oppo_detail'],
      ...['vivo_detail', 'fcm_detail', 'pns_received', 'pns_display'],
      ...['honor_detail', 'asus_detail', 'nio_detail'],
    ])
    expect(Object.keys(item['details']!)).toEqual(['notification', 'message'])
  })
})

it('shows a newer object only with data', () => {
  const honor = fieldsOf('/messages/detail').find(
    ({ path }) => path.join() === 'android_pns,honor_detail,sent',
  )!
  const counts: number[] = []
  counts[selectionOf(honor)] = 3
  expect(write('/messages/detail', '7', counts)).toContain('"honor_detail":{"sent":3}}')
})

describe('msg_id', () => {
  it.each([
    ['1', '1'],
    ['9007199254740991', '9007199254740991'],
    ['9007199254740992', '"9007199254740992"'],
    ['9007199254740993', '"9007199254740993"'],
    ['9223372036854775807', '"9223372036854775807"'],
  ])('%s in /messages/detail', (id, text) => {
    expect(write('/messages/detail', id)).toContain(`{"msg_id":${text},`)
    expect(write('/received', id)).toContain(`{"msg_id":"${id}",`)
    expect(write('/messages', id)).toContain(`,"msg_id":"${id}"}`)
  })
})
