// A broken line takes no more of the processor than a good one that the same reader reads: no error
// is thrown for it, and no text is made of it. Processor time, so that a busy machine does not
// matter.
import { expect, it } from 'vitest'
import { buffers } from '../../../test/support/buffers.ts'
import { bytesForPlaces, DevicePlaces } from '../line/parsed-line.ts'
import { defaultIngestSettings } from '../rules/validate.ts'
import { parse } from './parser.ts'

const nowMs = Date.UTC(2026, 0, 31, 12)
const arrival = { nowMs, keptMs: nowMs, zoneName: 'Asia/Shanghai' }
const lines = 40_000

const refusedOf = (line: string | Buffer): number => {
  const bytes = Buffer.concat(Array.from({ length: lines }, () => Buffer.from(line)))
  const places = new DevicePlaces(buffers, buffers.take(bytesForPlaces(lines)))
  const work = parse(bytes, places, defaultIngestSettings, arrival)
  let step = work.next()
  while (step.done !== true) step = work.next()
  places.release()
  return step.value.refused
}

/** Processor time of one line, in microseconds; the least of some attempts. */
const costOf = (line: string | Buffer, refused: number): number => {
  const attempts = Array.from({ length: 3 }, () => {
    const before = process.cpuUsage()
    expect(refusedOf(line)).toBe(refused)
    const { user, system } = process.cpuUsage(before)
    return (user + system) / lines
  })
  return Math.min(...attempts)
}

/** With an escape, so that the fast reader leaves it to the slow one. */
const good = `{"type":"received","msg_id":1,"platform":"android","registration_id":"\\u0061bc","time":${nowMs}}\n`
let usual: number | undefined

it.each([
  ['an object cut off', '{"a":\n'],
  ['a brace', '{\n'],
  ['a quote', '"\n'],
  ['a number', '1\n'],
  ['no colon', '{"a"}\n'],
  ['no value', '{"a":}\n'],
  ['a control character', '{"a":"\u0000"}\n'],
  ['bytes that are no UTF-8', Buffer.from('{"a":"\xff"}\n', 'latin1')],
  ['an object that says nothing', '{"a":{}}\n'],
  ['a type that is none', '{"type":"opened"}\n'],
])('%s', { timeout: 60_000 }, (_, line) => {
  usual ??= costOf(good, 0)
  expect(costOf(line, lines)).toBeLessThan(usual)
})
