// What the scanner is sure of: the shapes that feeds are made of must not fall to the slow reader,
// and what it cannot know it must not guess. That both read alike is asked in agreement.test.ts.
import { expect, it } from 'vitest'
import { openBuffers } from '../../runtime/buffer-pool.ts'
import { scanEvent, unsure } from './fast-parser.ts'
import { DevicePlaces, RawEvent } from './parsed-line.ts'

const buffers = openBuffers()
const scan = (text: string): number => {
  const bytes = Buffer.from(text)
  return scanEvent(
    bytes,
    0,
    bytes.length,
    new RawEvent(),
    new DevicePlaces(buffers, buffers.take(64)),
  )
}

it.each([
  '{"type":"sent","msg_id":58545795622195712,"registration_id":"1a0018970a8f6","platform":"ios"}',
  '{"type":"sent","msg_id":"58545795622195712","registration_ids":["a","b"],"time":1769860800000}',
  '{ "type" : "register", "registration_ids" : [ "a" , "b" ], "time" : "2026-01-31T12:00:00Z" }\r',
  '{"type":"click","channel":null,"kind":"message","vendor":"x","retries":0,"test":true,"x":null}',
  '{"type":"opened","msg_id":"x","registration_id":"a b","platform":"x","channel":"","time":"x"}',
  '{}',
])('is sure of %s', (text) => {
  expect(scan(text)).toBe(text.trimEnd().length)
})

it.each([
  ['an escape', '{"registration_id":"a\\u0062"}'],
  ['an escape in a name', '{"x\\u0062":5}'],
  ['a byte beyond ASCII', '{"registration_id":"é"}'],
  ['a control character', '{"registration_id":"\u007f"}'],
  ['an empty id', '{"registration_ids":["a",""]}'],
  ['a long id', `{"registration_id":"${'x'.repeat(513)}"}`],
  ['no ids in the list', '{"registration_ids":[]}'],
  ['both members for ids', '{"registration_ids":["a"],"registration_id":"b"}'],
  ['a member twice', '{"type":"sent","type":"sent"}'],
  ['a nested value', '{"x":{}}'],
  ['a fraction', '{"x":1.5}'],
  ['an exponent', '{"time":1e3}'],
  ['a leading zero', '{"msg_id":01}'],
  ['a time of too many digits', '{"time":1234567890123456}'],
  ['text where a list is due', '{"registration_ids":"a"}'],
  ['a number where text is due', '{"type":5}'],
  ['a comma at the end', '{"type":"sent",}'],
  ['no end', '{"type":"sent"'],
  ['no object', '[]'],
])('is unsure of %s', (_, text) => {
  expect(scan(text)).toBe(unsure)
})
