// Where registration ids lie in memory, and how one is found there: a hash tells where to look, a comparison
// byte for byte makes sure. Only looks. A thread may look while the one that owns the table adds to it: slots may
// then have any value, old or new, but it compares only ids that were there when it got its request, and those
// never change. So it finds the id or it does not, and never another one.
import type { DeviceList } from '../../../ledger/event-batch.ts'
import { viewOf } from '../lmdb/bytes.ts'
import { firstByteOf, secondByteOf, longLength as shortestLong } from './id-length.ts'

/** So many ids may be looked up at once. */
export const lookUpMax = 1_024
const hashes = new Uint32Array(lookUpMax)
const places = new Int32Array(lookUpMax)

/** Where an ordinal is wanted, and there is none. */
export const noOrdinal = 0xffffffff

// A constant that a module exports is looked up wherever it is used; in hot loops that can be measured. So these
// are not exported, and who else needs them takes them from the layout.
const chunkBytes = 2 ** 20
const headBytes = 5
const placeBytes = 4
const chunkShift = 18
const inChunk = 2 ** chunkShift - 1
const noPlace = -1
const longLength = shortestLong
const slotNumbers = 2
const subTableSlots = 2_048
const slotMask = subTableSlots - 1
const subTableNumbers = subTableSlots * slotNumbers
const subTableShift = 6
const inSubTables = 2 ** subTableShift - 1

/** How it all lies in memory, in chunks of so many bytes; the first of a kind may be smaller. */
export const layout = {
  chunkBytes,
  // Ids lie one behind the other: ordinal (4 bytes), length (1 byte, and a second one if the id is long), the
  // id, and up to the next multiple of four. So an id and its ordinal are found together, in one place of memory.
  headBytes,
  // A place counts four bytes, so that 16 GiB have one: a chunk's number, and where in it.
  placeBytes,
  chunkShift,
  inChunk,
  noPlace,
  // A slot is two numbers: the hash, and the place plus one (0: empty). 2,048 are a sub-table, whose number is
  // a chunk's number, and where in it.
  slotNumbers,
  subTableSlots,
  subTableNumbers,
  subTableShift,
  inSubTables,
}

export class DeviceIndex {
  /** Varies the hash from process to process, so that nobody can choose ids that collide. */
  readonly seed: number
  readonly ids: DataView[] = []
  readonly slots: Uint32Array[] = []
  /** By the first bits of a hash, as many as it takes, the number of the sub-table. */
  directory: Uint32Array
  /**
   * Ids at this place and after it are not compared. Each request to another thread names this place, and the
   * message makes all bytes before it visible there. Of an id added later, the slot may be visible and the bytes
   * not yet.
   */
  placesEnd: number = Number.POSITIVE_INFINITY

  constructor(seed: number, directory: Uint32Array) {
    this.seed = seed
    this.directory = directory
  }

  /** 32 bits, unsigned; every bit of the id reaches every bit of the hash. */
  hashOf(view: DataView, start: number, length: number): number {
    let hash = this.seed ^ length
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

  /**
   * The ordinals of the ids `from … to − 1` of a list, `lookUpMax` at most, into the same places of
   * `ordinals`; `noOrdinal` where there is none. All go step by step together: each step waits for memory,
   * and so they wait at the same time.
   */
  findAll(
    { bytes, starts, lengths }: DeviceList,
    from: number,
    to: number,
    ordinals: Uint32Array,
  ): void {
    const view = viewOf(bytes)
    for (let i = from; i < to; i++) {
      hashes[i - from] = this.hashOf(view, starts[i] as number, lengths[i] as number)
    }
    for (let i = 0; i < to - from; i++) places[i] = this.#firstPlace(hashes[i] as number)
    for (let i = from; i < to; i++) ordinals[i] = this.ordinalAt(places[i - from] as number)
    for (let i = from; i < to; i++) {
      const place = places[i - from] as number
      const [start, length] = [starts[i] as number, lengths[i] as number]
      if (place === noPlace || this.#isAt(place, view, start, length)) continue
      ordinals[i] = this.ordinalAt(this.find(hashes[i - from] as number, view, start, length))
    }
  }

  /** The place of an id of this hash, or `noPlace`. */
  find(hash: number, view: DataView, start: number, length: number): number {
    const number = this.subTableOf(hash)
    const slots = this.slots[number >>> subTableShift]
    if (slots === undefined) return noPlace
    const first = (number & inSubTables) * subTableNumbers
    for (let slot = hash & slotMask; ; slot = (slot + 1) & slotMask) {
      const at = first + slot * slotNumbers
      // Undefined in a chunk that has grown since this thread was told of it.
      const placed = slots[at + 1]
      if (!placed) return noPlace
      if (slots[at] !== hash || placed > this.placesEnd) continue
      if (this.#isAt(placed - 1, view, start, length)) return placed - 1
    }
  }

  /** The first place of any id of this hash, or `noPlace`. */
  #firstPlace(hash: number): number {
    const number = this.subTableOf(hash)
    const slots = this.slots[number >>> subTableShift]
    if (slots === undefined) return noPlace
    const first = (number & inSubTables) * subTableNumbers
    for (let slot = hash & slotMask; ; slot = (slot + 1) & slotMask) {
      const at = first + slot * slotNumbers
      const placed = slots[at + 1]
      if (!placed) return noPlace
      if (slots[at] === hash && placed <= this.placesEnd) return placed - 1
    }
  }

  subTableOf(hash: number): number {
    const { directory } = this
    // A directory has two entries at least.
    return directory[hash >>> (Math.clz32(directory.length) + 1)] as number
  }

  ordinalAt(place: number): number {
    if (place === noPlace) return noOrdinal
    const ids = this.ids[place >>> chunkShift] as DataView
    return ids.getUint32((place & inChunk) * placeBytes, true)
  }

  #isAt(place: number, view: DataView, start: number, length: number): boolean {
    const ids = this.ids[place >>> chunkShift] as DataView
    let at = (place & inChunk) * placeBytes + headBytes
    if (length >= longLength) {
      if (ids.getUint8(at - 1) !== firstByteOf(length)) return false
      if (ids.getUint8(at++) !== secondByteOf(length)) return false
    } else if (ids.getUint8(at - 1) !== length) return false
    let i = 0
    for (; i + 4 <= length; i += 4) {
      if (ids.getInt32(at + i, true) !== view.getInt32(start + i, true)) return false
    }
    for (; i < length; i++) {
      if (ids.getUint8(at + i) !== view.getUint8(start + i)) return false
    }
    return true
  }
}
