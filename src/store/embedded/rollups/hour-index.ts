// The list of an app's messages: the numbers of those whose earliest fact lies in an hour, in blocks. A
// block begins at the number in its key and ends where the next one begins; it is split as it grows.
import type { Hour } from '../../../ledger/day.ts'
import type { MsgId } from '../../../ledger/ids.ts'
import { ByteReader, ByteWriter, pageBodyBytesMax, splitFill } from '../lmdb/bytes.ts'
import type { Environment } from '../lmdb/environment.ts'
import { behind, listedIn, listedKey, readListedKey } from '../lmdb/key.ts'
import type { WriteSet } from '../lmdb/write-batch.ts'

/** A place in the list, whether a message has it or not. */
export interface ListPlace {
  readonly hour: Hour
  readonly id: bigint
}

interface Block {
  readonly start: bigint
  /** The first number that does not belong in it. */
  readonly end: bigint
  /** From the start, rising. */
  readonly offsets: readonly number[]
}

/** A block's numbers lie so close to its start that what is between can be calculated with exactly. */
const spanMax = 2n ** 52n
const idEnd = 2n ** 64n
const body = new ByteWriter()

/** What one commit changes in the list of an app. */
export class ListChanges {
  readonly #appId: number
  readonly #environment: Environment
  /** By hour and message: whether it is listed from now on. */
  readonly #hours = new Map<Hour, Map<bigint, boolean>>()

  constructor(appId: number, environment: Environment) {
    this.#appId = appId
    this.#environment = environment
  }

  add(hour: Hour, msgId: MsgId): void {
    this.#change(hour, msgId, true)
  }

  remove(hour: Hour, msgId: MsgId): void {
    this.#change(hour, msgId, false)
  }

  *write(out: WriteSet): Generator<void> {
    for (const [hour, changes] of this.#hours) yield* this.#writeHour(hour, changes, out)
  }

  #change(hour: Hour, msgId: MsgId, isListed: boolean): void {
    const changes = this.#hours.get(hour) ?? new Map<bigint, boolean>()
    this.#hours.set(hour, changes)
    changes.set(BigInt(msgId), isListed)
  }

  *#writeHour(hour: Hour, changes: ReadonlyMap<bigint, boolean>, out: WriteSet): Generator<void> {
    const ids = BigUint64Array.from(changes.keys()).sort()
    for (let from = 0; from < ids.length; ) {
      const block = blockAt(this.#environment, this.#appId, hour, ids[from] as bigint)
      let to = from + 1
      while (to < ids.length && (ids[to] as bigint) < block.end) to++
      const offsets = changed(block, ids.subarray(from, to), changes)
      this.#writeBlock(hour, block.start, offsets, out)
      from = to
      yield
    }
  }

  /** In pieces, where one has become too long. */
  #writeBlock(hour: Hour, start: bigint, offsets: readonly number[], out: WriteSet): void {
    if (offsets.length === 0) out.remove(listedKey(this.#appId, hour, start))
    writeOffsets(offsets, 0)
    const isLong = body.length > pageBodyBytesMax
    const pieces = isLong ? Math.ceil(body.length / (pageBodyBytesMax * splitFill)) : 1
    const inPiece = Math.ceil(offsets.length / pieces)
    for (let from = 0; from < offsets.length; from += inPiece) {
      const piece = offsets.slice(from, from + inPiece)
      const first = from === 0 ? 0 : (piece[0] as number)
      writeOffsets(piece, first)
      out.put(listedKey(this.#appId, hour, start + BigInt(first)), body.written())
    }
  }
}

/** The block that a message is in, or is to be in. */
const blockAt = (environment: Environment, appId: number, hour: Hour, id: bigint): Block => {
  const { start: first, end: last } = listedIn(appId, hour, hour)
  const next = behind(listedKey(appId, hour, id))
  const key = environment.lastKeyIn({ start: first, end: next })
  const [nextKey] = environment.keysIn({ start: next, end: last }, 1)
  const end = nextKey === undefined ? idEnd : readListedKey(nextKey).id
  const { id: found } = key === undefined ? { id: -spanMax } : readListedKey(key)
  const isBegun = key !== undefined && id - found < spanMax
  const start = isBegun ? found : id
  return {
    start,
    end: end - start < spanMax ? end : start + spanMax,
    offsets: isBegun ? readOffsets(environment.read(key)) : [],
  }
}

const changed = (
  { start, offsets }: Block,
  ids: BigUint64Array,
  changes: ReadonlyMap<bigint, boolean>,
): readonly number[] => {
  const result: number[] = []
  let next = 0
  const keepBelow = (offset: number): void => {
    while (next < offsets.length && (offsets[next] as number) < offset) {
      result.push(offsets[next++] as number)
    }
  }
  for (const id of ids) {
    const offset = Number(id - start)
    keepBelow(offset)
    if (offsets[next] === offset) next++
    if (changes.get(id) === true) result.push(offset)
  }
  keepBelow(Number.POSITIVE_INFINITY)
  return result
}

/** Into `body`, as what is between them; the first as what is between it and `from`. */
const writeOffsets = (offsets: readonly number[], from: number): void => {
  body.reset()
  let before = from
  for (const offset of offsets) {
    body.varint(offset - before)
    before = offset
  }
}

/** Of a block's body; they rise where no number stands in it twice. */
export const readOffsets = (block: Uint8Array | undefined): readonly number[] => {
  if (block === undefined) return []
  const offsets: number[] = []
  const reader = new ByteReader(block)
  for (let offset = 0; !reader.isAtEnd(); ) {
    offset += reader.varint()
    offsets.push(offset)
  }
  return offsets
}

export const isListed = (
  environment: Environment,
  appId: number,
  hour: Hour,
  msgId: MsgId,
): boolean => {
  const id = BigInt(msgId)
  const { start, offsets } = blockAt(environment, appId, hour, id)
  return offsets.includes(Number(id - start))
}

/** Some of one block, the last first. */
export interface ListStretch {
  readonly hour: Hour
  readonly ids: readonly bigint[]
  /** What comes next stands before it. */
  readonly first: ListPlace
}

/** The last of the hours, up to `limit`, before a place if one is given; undefined where there are none. */
export const lastListed = (
  environment: Environment,
  appId: number,
  hours: { readonly from: Hour; readonly to: Hour },
  before: ListPlace | undefined,
  limit: number,
): ListStretch | undefined => {
  const { start: first, end: last } = listedIn(appId, hours.from, hours.to)
  const end = before === undefined ? last : listedKey(appId, before.hour, before.id)
  if (Buffer.compare(first, end) >= 0) return undefined
  const key = environment.lastKeyIn({
    start: first,
    end: Buffer.compare(end, last) < 0 ? end : last,
  })
  if (key === undefined) return undefined
  const { hour, id: start } = readListedKey(key)
  const endOffset = before?.hour === hour ? Number(before.id - start) : Number.POSITIVE_INFINITY
  const below = readOffsets(environment.read(key)).filter((offset) => offset < endOffset)
  const ids = below.slice(-limit).map((offset) => start + BigInt(offset))
  const place = below.length > limit ? (ids[0] as bigint) : start
  return { hour, ids: ids.reverse(), first: { hour, id: place } }
}
