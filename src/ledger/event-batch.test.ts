// Ids survive the way into a list of bytes and back.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { deviceAt, deviceListOf } from './event-batch.ts'
import { parseRegistrationId, type RegistrationId } from './ids.ts'

const listOf = (...texts: string[]) => deviceListOf(texts as RegistrationId[])

it('holds nothing of no ids', () => {
  const list = listOf()
  expect([list.bytes.length, list.starts.length, list.lengths.length]).toEqual([0, 0, 0])
})

it('tells ids apart by bytes, not by characters', () => {
  const list = listOf('ab', '好', 'c')
  expect([...list.starts]).toEqual([0, 3, 7])
  expect([...list.lengths]).toEqual([2, 3, 1])
})

it('gives back whatever id was put in', () => {
  const id = fc
    .string({ unit: 'binary', maxLength: 512 })
    .map((text) => parseRegistrationId(text))
    .filter((parsed) => parsed !== undefined)
  fc.assert(
    fc.property(fc.array(id), (ids) => {
      const list = deviceListOf(ids)
      expect(ids.map((_, i) => deviceAt(list, i))).toEqual(ids)
    }),
    { seed: 4 },
  )
})

it('keeps a byte order mark and the longest id', () => {
  const ids = ['\ufeff', '\ufeffa', 'x'.repeat(512), '\u{1f600}'.repeat(128)]
  const list = listOf(...ids)
  expect(ids.map((_, i) => deviceAt(list, i))).toEqual(ids)
})
