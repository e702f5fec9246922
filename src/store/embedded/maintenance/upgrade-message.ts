// A message of format 1 or 2 as format 3 keeps it: its states are written with the cells of the directory's table,
// where the older formats had track × 6 + stage in one byte. Of format 1 there is only the day of a fact, so
// it stands in the first hour of that; and no list and no totals of days had the message yet.
import { type Day, firstHourOf, type Hour } from '../../../ledger/day.ts'
import type { MsgId } from '../../../ledger/ids.ts'
import { readLeafStarts, readSizes, writeHeader } from '../device-set/header.ts'
import { writeStates } from '../leaf/codec.ts'
import { ByteReader, ByteWriter } from '../lmdb/bytes.ts'
import type { Environment } from '../lmdb/environment.ts'
import { leafKey, msgIdOfKey } from '../lmdb/key.ts'
import type { WriteSet } from '../lmdb/write-batch.ts'
import type { Catalogue } from '../rollups/message-index.ts'
import { type FactCode, factCode, hourOfCode, StateTable } from '../states/state-table.ts'
import { stageStride } from '../states/stored-table.ts'

export type OlderFormat = 1 | 2

const cellsBefore3 = 256
const stagesBefore3 = 6

const body = new ByteWriter()
const inline = new ByteWriter()

export const upgradeMessage = (
  { read, numbering }: Environment,
  header: Uint8Array,
  format: OlderFormat,
  catalogue: Catalogue,
  out: WriteSet,
): void => {
  const stored = read(header)
  if (stored === undefined) return
  const reader = new ByteReader(Uint8Array.from(stored))
  const latestDay = reader.varint()
  const hours = format === 2 && latestDay > 0 ? reader.varint() : undefined
  const sizes = readSizes(reader, numbering().messages.sizeCount)
  const starts = readLeafStarts(reader)
  let firstHour = Number.POSITIVE_INFINITY
  for (const start of starts) {
    const at = leafKey(header, start)
    const leaf = read(at)
    if (leaf === undefined) continue
    body.reset()
    const upgraded = upgradeLeaf(new ByteReader(Uint8Array.from(leaf)), format, body)
    firstHour = Math.min(firstHour, upgraded.firstHour)
    out.put(at, body.written())
  }
  inline.reset()
  let states = 0
  if (starts.length === 0) {
    const upgraded = upgradeLeaf(reader, format, inline)
    firstHour = upgraded.firstHour
    states = upgraded.states
  }
  const span = { latestDay, firstHour: firstHourIn(latestDay, hours, firstHour) }
  body.reset()
  // All that the older formats count is of revision 0.
  writeHeader(body, span, 0, states === 1 ? undefined : sizes, starts)
  body.append(inline.written())
  out.put(header, body.written())
  if (format === 1) catalogue.follow(msgIdOfKey(header) as MsgId, undefined, { ...span, sizes })
}

/** As format 2 kept it; of format 1 it is that of the earliest fact. */
const firstHourIn = (latestDay: Day, hours: number | undefined, earliest: Hour): Hour =>
  hours === undefined
    ? Math.min(earliest, firstHourOf(latestDay))
    : firstHourOf(latestDay + 1) - hours

/** Writes the leaf that the reader stands at. */
const upgradeLeaf = (
  reader: ByteReader,
  format: OlderFormat,
  out: ByteWriter,
): { readonly firstHour: Hour; readonly states: number } => {
  const table = new StateTable(() => [])
  const states = readOlderStates(reader, format).map((facts) => table.numberOf(facts))
  writeStates(out, table, states)
  out.append(reader.bytes.subarray(reader.at))
  const firstHour = states.reduce(
    (first, state) => Math.min(first, ...table.factsOf(state).map(hourOfCode)),
    Number.POSITIVE_INFINITY,
  )
  return { firstHour, states: states.length }
}

const readOlderStates = (reader: ByteReader, format: OlderFormat): readonly FactCode[][] => {
  const count = reader.varint()
  const base = reader.varint() * cellsBefore3
  return Array.from({ length: count }, () => {
    let code = base
    return Array.from({ length: reader.varint() }, () => {
      code += reader.varint()
      const when = Math.floor(code / cellsBefore3)
      return factCode(cellOf(code % cellsBefore3), format === 1 ? firstHourOf(when) : when)
    })
  })
}

/** Of the stored table, which begins with the tracks and stages of the older formats. */
const cellOf = (cell: number): number =>
  Math.floor(cell / stagesBefore3) * stageStride + (cell % stagesBefore3)
