// One app's devices in memory: registration id ↔ ordinal, dense and in order of first sight. Ids are
// kept as bytes; a hash finds where one lies, a comparison byte for byte makes sure. Sub-tables keep the
// growth of any one of them too short to be felt.
import type { DeviceList } from '../../ledger/fact.ts'
import { ByteReader, type ByteWriter, Damage, viewOf } from './bytes.ts'

/** Devices in one block, in memory and on disk. */
export const blockDevices = 1_024

/** So many ids may be looked up at once. */
export const lookUpMax = 1_024
const hashes = new Uint32Array(lookUpMax)
const candidates = new Uint32Array(lookUpMax)
const places = new Uint32Array(lookUpMax)

const subTables = 256
const slotsAtFirst = 8
const fullest = 0.7

// Ids lie one behind the other in chunks: ordinal (4 bytes), length (1 byte), the id, and up to the next
// multiple of four. So an id and its ordinal are found together, in one place of memory.
const chunkBytes = 2 ** 20
const chunkBytesAtFirst = 1_024
const headBytes = 5
/** Places are told in so many bytes, so that 16 GiB have one. */
const placeBytes = 4
/** A place is a chunk's number and a place in it. */
const chunkShift = 18
const inChunk = 2 ** chunkShift - 1
const noPlace = -1

interface SubTable {
  /** Two numbers a slot: the hash, and the place plus one (0: empty). */
  slots: Uint32Array
  used: number
}

export class DeviceTable {
  readonly #chunks: DataView[] = []
  /** Bytes in use of the last chunk. */
  #used = 0
  /** Where each block of devices begins. */
  readonly #blocks: number[] = []
  readonly #subTables: (SubTable | undefined)[] = new Array(subTables).fill(undefined)
  readonly #seed: number
  #count = 0
  #memoryBytes = 0
  /** How many of the devices are on disk; the others belong to a commit under way. */
  durable = 0

  /** `seed` varies the hash from process to process, so that nobody can choose ids that collide. */
  constructor(seed: number) {
    this.#seed = seed
  }

  get count(): number {
    return this.#count
  }

  /** Roughly what the table takes, in bytes. */
  get memoryBytes(): number {
    return this.#memoryBytes
  }

  /** The ordinal of an id, or −1. */
  find(bytes: Uint8Array, start: number, length: number): number {
    const view = viewOf(bytes)
    const place = this.#find(hashOf(this.#seed, view, start, length), view, start, length)
    return place === noPlace ? -1 : this.#ordinalAt(place)
  }

  /**
   * The ordinals of the ids `from … to − 1` of a list, `lookUpMax` at most, into the same places of
   * `ordinals`; an id that is seen for the first time is given the next one. All go step by step together:
   * each step waits for memory, and so they wait at the same time.
   */
  findOrAddAll(
    { bytes, starts, lengths }: DeviceList,
    from: number,
    to: number,
    ordinals: Uint32Array,
  ): void {
    const view = viewOf(bytes)
    for (let i = from; i < to; i++) {
      hashes[i - from] = hashOf(this.#seed, view, starts[i] as number, lengths[i] as number)
    }
    for (let i = 0; i < to - from; i++) candidates[i] = this.#candidate(hashes[i] as number)
    for (let i = from; i < to; i++) {
      const placed = candidates[i - from] as number
      if (placed !== 0) ordinals[i] = this.#ordinalAt(placed - 1)
    }
    for (let i = from; i < to; i++) {
      const [start, length] = [starts[i] as number, lengths[i] as number]
      const placed = candidates[i - from] as number
      if (placed === 0 || !this.#isAt(placed - 1, view, start, length)) {
        ordinals[i] = this.#findOrAdd(hashes[i - from] as number, view, start, length)
      }
    }
  }

  #findOrAdd(hash: number, view: DataView, start: number, length: number): number {
    const known = this.#find(hash, view, start, length)
    return known === noPlace ? this.#add(hash, view, start, length) : this.#ordinalAt(known)
  }

  /** The first place of an id with this hash, plus one; 0 where there is none. */
  #candidate(hash: number): number {
    const table = this.#subTables[hash >>> 24]
    if (table === undefined) return 0
    const { slots } = table
    const mask = slots.length / 2 - 1
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const placed = slots[slot * 2 + 1] as number
      if (placed === 0 || slots[slot * 2] === hash) return placed
    }
  }

  #find(hash: number, view: DataView, start: number, length: number): number {
    const table = this.#subTables[hash >>> 24]
    if (table === undefined) return noPlace
    const { slots } = table
    const mask = slots.length / 2 - 1
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const placed = slots[slot * 2 + 1] as number
      if (placed === 0) return noPlace
      if (slots[slot * 2] === hash && this.#isAt(placed - 1, view, start, length)) return placed - 1
    }
  }

  #chunkOf(place: number): DataView {
    return this.#chunks[place >>> chunkShift] as DataView
  }

  #ordinalAt(place: number): number {
    return this.#chunkOf(place).getUint32((place & inChunk) * placeBytes, true)
  }

  #isAt(place: number, view: DataView, start: number, length: number): boolean {
    const chunk = this.#chunkOf(place)
    const at = (place & inChunk) * placeBytes + headBytes
    if (chunk.getUint8(at - 1) !== length) return false
    let i = 0
    for (; i + 4 <= length; i += 4) {
      if (chunk.getInt32(at + i, true) !== view.getInt32(start + i, true)) return false
    }
    for (; i < length; i++) {
      if (chunk.getUint8(at + i) !== view.getUint8(start + i)) return false
    }
    return true
  }

  /** Gives an id that is not there the next ordinal. */
  #add(hash: number, view: DataView, start: number, length: number): number {
    this.#insert(hash, this.#keep(view, start, length))
    return this.#count - 1
  }

  /** Where it put the id, with the next ordinal. */
  #keep(view: DataView, start: number, length: number): number {
    const ordinal = this.#count++
    const chunk = this.#roomFor(headBytes + length)
    const at = this.#used
    const place = (this.#chunks.length - 1) * 2 ** chunkShift + at / placeBytes
    if (ordinal % blockDevices === 0) this.#blocks.push(place)
    chunk.setUint32(at, ordinal, true)
    chunk.setUint8(at + headBytes - 1, length)
    copy(view, start, chunk, at + headBytes, length)
    this.#used = nextPlace(at + headBytes + length)
    return place
  }

  /** The last chunk, with room for so many bytes behind those in use. */
  #roomFor(bytes: number): DataView {
    const last = this.#chunks.at(-1)
    if (last === undefined || this.#used + bytes > chunkBytes) {
      const size = last === undefined ? chunkBytesAtFirst : chunkBytes
      const next = new DataView(new ArrayBuffer(size))
      this.#memoryBytes += size
      this.#chunks.push(next)
      this.#used = 0
      return next
    }
    if (this.#used + bytes <= last.byteLength) return last
    const grown = new DataView(new ArrayBuffer(last.byteLength * 4))
    new Uint8Array(grown.buffer).set(new Uint8Array(last.buffer))
    this.#memoryBytes += grown.byteLength - last.byteLength
    this.#chunks[this.#chunks.length - 1] = grown
    return grown
  }

  #insert(hash: number, place: number): void {
    let table = this.#subTables[hash >>> 24]
    if (table === undefined) {
      table = { slots: new Uint32Array(slotsAtFirst * 2), used: 0 }
      this.#memoryBytes += slotsAtFirst * 8
      this.#subTables[hash >>> 24] = table
    }
    if ((table.used + 1) * 2 > table.slots.length * fullest) {
      this.#memoryBytes += table.slots.length * 4
      table.slots = grownSlots(table.slots)
    }
    put(table.slots, hash, place + 1)
    table.used++
  }

  /** The places of a block's devices, by rising ordinal. */
  *#placesIn(block: number): Generator<number> {
    let place = this.#blocks[block] ?? noPlace
    if (place === noPlace) throw new Damage('no block of devices')
    const last = Math.min((block + 1) * blockDevices, this.#count) - 1
    for (let ordinal = block * blockDevices; ; ordinal++) {
      yield place
      if (ordinal === last) return
      const behind = place + nextPlace(headBytes + this.#lengthAt(place)) / placeBytes
      place = this.#holds(behind, ordinal + 1) ? behind : nextChunk(place)
    }
  }

  /** Whether an ordinal stands at a place, and not in the next chunk, for want of room. */
  #holds(place: number, ordinal: number): boolean {
    const at = (place & inChunk) * placeBytes
    return at > 0 && at + headBytes <= chunkBytes && this.#ordinalAt(place) === ordinal
  }

  #lengthAt(place: number): number {
    return this.#chunkOf(place).getUint8((place & inChunk) * placeBytes + headBytes - 1)
  }

  #idAt(place: number): Uint8Array {
    const at = (place & inChunk) * placeBytes + headBytes
    return new Uint8Array(this.#chunkOf(place).buffer, at, this.#lengthAt(place))
  }

  /** An id that has two ordinals, as text; undefined where there is none. For checking. */
  firstTwice(): string | undefined {
    for (const block of this.#blocks.keys()) {
      for (const place of this.#placesIn(block)) {
        const id = this.#idAt(place)
        if (this.find(id, 0, id.length) !== this.#ordinalAt(place))
          return Buffer.from(id).toString()
      }
    }
    return undefined
  }

  /** Writes a block as it stands on disk: how many, every length, every id. */
  writeBlock(out: ByteWriter, number: number): void {
    const held = [...this.#placesIn(number)]
    out.varint(held.length)
    for (const place of held) out.byte(this.#lengthAt(place))
    for (const place of held) out.append(this.#idAt(place))
  }

  /**
   * Takes in the next block from disk. Only whole blocks may have others behind them. As with looking up,
   * all ids go step by step together.
   */
  readBlock(body: Uint8Array): void {
    const reader = new ByteReader(body)
    const view = viewOf(body)
    const count = reader.varint()
    if (this.#count % blockDevices !== 0 || count > blockDevices) {
      throw new Damage('a block of devices is out of line')
    }
    let start = reader.at + count
    for (let place = 0; place < count; place++) {
      const length = reader.byte()
      if (start + length > body.length) throw new Damage('a block of devices ends too early')
      hashes[place] = hashOf(this.#seed, view, start, length)
      places[place] = this.#keep(view, start, length)
      start += length
    }
    for (let i = 0; i < count; i++) this.#insert(hashes[i] as number, places[i] as number)
    this.durable = this.#count
  }
}

const nextPlace = (at: number): number => Math.ceil(at / placeBytes) * placeBytes

const nextChunk = (place: number): number => ((place >>> chunkShift) + 1) * 2 ** chunkShift

const copy = (from: DataView, start: number, to: DataView, at: number, length: number): void => {
  let i = 0
  for (; i + 4 <= length; i += 4) to.setInt32(at + i, from.getInt32(start + i, true), true)
  for (; i < length; i++) to.setUint8(at + i, from.getUint8(start + i))
}

const put = (slots: Uint32Array, hash: number, placed: number): void => {
  const mask = slots.length / 2 - 1
  let slot = hash & mask
  while (slots[slot * 2 + 1] !== 0) slot = (slot + 1) & mask
  slots[slot * 2] = hash
  slots[slot * 2 + 1] = placed
}

const grownSlots = (slots: Uint32Array): Uint32Array => {
  const grown = new Uint32Array(slots.length * 2)
  for (let slot = 0; slot < slots.length; slot += 2) {
    const placed = slots[slot + 1] ?? 0
    if (placed !== 0) put(grown, slots[slot] ?? 0, placed)
  }
  return grown
}

/** 32 bits, unsigned; every bit of the id reaches every bit of the hash. */
const hashOf = (seed: number, view: DataView, start: number, length: number): number => {
  let hash = seed ^ length
  const end = start + length
  let at = start
  for (; at + 4 <= end; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at, true), 0x9e3779b1)
    hash ^= hash >>> 15
  }
  for (; at < end; at++) {
    hash = Math.imul(hash ^ view.getUint8(at), 0x9e3779b1)
    hash ^= hash >>> 15
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
