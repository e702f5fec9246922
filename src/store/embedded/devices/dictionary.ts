// One app's devices in memory: registration id ↔ ordinal, dense and in order of first sight. It grows by a
// chunk or by halving one sub-table, never as a whole, so that nobody feels it.
import type { DeviceList } from '../../../ledger/event-batch.ts'
import { type ByteWriter, Damage, viewOf } from '../lmdb/bytes.ts'
import { ownMemory, type TableMemory } from './chunk-memory.ts'
import { DeviceIndex, layout, noOrdinal } from './hash-index.ts'
import { blockDevices, readIds, writeIds } from './id-block.ts'
import { bytesWith, firstByteOf, isLong, lengthOf, longLength, secondByteOf } from './id-length.ts'
import { TableBlocks } from './table-blocks.ts'

const { chunkBytes, headBytes, placeBytes, chunkShift, inChunk, noPlace } = layout
const { slotNumbers, subTableSlots, subTableNumbers, subTableShift, inSubTables } = layout

const hashes = new Uint32Array(blockDevices)
const places = new Uint32Array(blockDevices)

const fullestSlots = subTableSlots * 0.7
const subTableBytes = subTableNumbers * Uint32Array.BYTES_PER_ELEMENT
const idBytesAtFirst = 1_024
/** A first chunk that is full becomes so many times as large. */
const growth = 4

export class DeviceTable {
  readonly index: DeviceIndex
  readonly #memory: TableMemory
  /** Bytes in use of the last chunk of ids. */
  #idBytes = 0
  readonly blocks = new TableBlocks()
  /** By sub-table, how many of its slots are in use, and of how many bits of a hash it is. */
  readonly #used: number[] = []
  readonly #bits: number[] = []
  #count = 0
  #memoryBytes = 0
  /** How many of the devices are on disk; the others belong to a commit under way. */
  durable = 0
  /** Its memory may be another table's from now on. */
  isEnded = false

  constructor(seed: number, memory: TableMemory = ownMemory) {
    this.#memory = memory
    this.index = new DeviceIndex(seed, this.#numbers(2))
    this.#openSubTable(0)
  }

  get count(): number {
    return this.#count
  }

  /** After the last id. */
  get placesEnd(): number {
    return Math.max(0, this.index.ids.length - 1) * 2 ** chunkShift + this.#idBytes / placeBytes
  }

  /** Roughly what the table takes, in bytes. */
  get memoryBytes(): number {
    return this.#memoryBytes
  }

  /** The ordinal of an id, or −1. */
  find(bytes: Uint8Array, start: number, length: number): number {
    const view = viewOf(bytes)
    const place = this.index.find(this.index.hashOf(view, start, length), view, start, length)
    return place === noPlace ? -1 : this.index.ordinalAt(place)
  }

  /** As `DeviceIndex.findAll`; an id that is seen for the first time is given the next ordinal. */
  findOrAddAll(devices: DeviceList, from: number, to: number, ordinals: Uint32Array): void {
    this.index.findAll(devices, from, to, ordinals)
    this.addMissing(devices, from, to, ordinals)
  }

  /** Gives those of the ids `from … to − 1` of a list an ordinal that `ordinals` has none for. */
  addMissing(
    { bytes, starts, lengths }: DeviceList,
    from: number,
    to: number,
    ordinals: Uint32Array,
  ): void {
    const view = viewOf(bytes)
    for (let i = from; i < to; i++) {
      if (ordinals[i] !== noOrdinal) continue
      ordinals[i] = this.#findOrAdd(view, starts[i] as number, lengths[i] as number)
    }
  }

  #findOrAdd(view: DataView, start: number, length: number): number {
    const hash = this.index.hashOf(view, start, length)
    const known = this.index.find(hash, view, start, length)
    return known === noPlace ? this.#add(hash, view, start, length) : this.index.ordinalAt(known)
  }

  /** Gives an id that is not there the next ordinal. */
  #add(hash: number, view: DataView, start: number, length: number): number {
    this.#insert(hash, this.#keep(view, start, length, this.blocks.needsNew(this.#count, length)))
    return this.#count - 1
  }

  /** Where it put the id, with the next ordinal. */
  #keep(view: DataView, start: number, length: number, isNewBlock: boolean): number {
    const ordinal = this.#count++
    const bytes = headBytes + bytesWith(length)
    const chunk = this.#roomFor(bytes)
    const at = this.#idBytes
    const place = (this.index.ids.length - 1) * 2 ** chunkShift + at / placeBytes
    if (isNewBlock) this.blocks.begin(ordinal, place)
    this.blocks.grow(length)
    chunk.setUint32(at, ordinal, true)
    chunk.setUint8(at + headBytes - 1, firstByteOf(length))
    if (length >= longLength) chunk.setUint8(at + headBytes, secondByteOf(length))
    copy(view, start, chunk, at + bytes - length, length)
    this.#idBytes = nextPlace(at + bytes)
    return place
  }

  /** The last chunk of ids, with room for so many bytes behind those in use. */
  #roomFor(bytes: number): DataView {
    const { ids } = this.index
    const last = ids.at(-1)
    if (last !== undefined && this.#idBytes + bytes <= last.byteLength) return last
    if (last === undefined || last.byteLength === chunkBytes) {
      this.#idBytes = 0
      ids.push(new DataView(this.#take(last === undefined ? idBytesAtFirst : chunkBytes)))
    } else {
      ids[0] = new DataView(this.#grown(last.buffer))
    }
    return ids.at(-1) as DataView
  }

  #insert(hash: number, place: number): void {
    let number = this.index.subTableOf(hash)
    while ((this.#used[number] as number) >= fullestSlots) {
      this.#halve(number, hash)
      number = this.index.subTableOf(hash)
    }
    this.#put(number, hash, place + 1)
  }

  #put(number: number, hash: number, placed: number): void {
    const slots = this.index.slots[number >>> subTableShift] as Uint32Array
    const first = (number & inSubTables) * subTableNumbers
    const mask = subTableSlots - 1
    let slot = hash & mask
    while (slots[first + slot * slotNumbers + 1] !== 0) slot = (slot + 1) & mask
    slots[first + slot * slotNumbers] = hash
    slots[first + slot * slotNumbers + 1] = placed
    this.#used[number] = (this.#used[number] as number) + 1
  }

  /** Parts a sub-table, which a hash belongs to, by one more bit. */
  #halve(number: number, hash: number): void {
    const bits = this.#bits[number] as number
    if (2 ** bits === this.index.directory.length) this.#doubleDirectory()
    const { directory } = this.index
    const other = this.#openSubTable(bits + 1)
    this.#used[number] = 0
    this.#bits[number] = bits + 1
    const first = (number & inSubTables) * subTableNumbers
    const slots = this.index.slots[number >>> subTableShift] as Uint32Array
    const held = slots.slice(first, first + subTableNumbers)
    slots.fill(0, first, first + subTableNumbers)
    for (let at = 0; at < held.length; at += slotNumbers) {
      const [heldHash, placed] = [held[at] as number, held[at + 1] as number]
      const isOther = ((heldHash >>> (31 - bits)) & 1) === 1
      if (placed !== 0) this.#put(isOther ? other : number, heldHash, placed)
    }
    const entries = directory.length / 2 ** bits
    const from = Math.floor(hash / 2 ** (32 - bits)) * entries
    directory.fill(other, from + entries / 2, from + entries)
  }

  #doubleDirectory(): void {
    const { directory } = this.index
    const doubled = this.#numbers(directory.length * 2)
    for (let i = 0; i < doubled.length; i++) doubled[i] = directory[i >>> 1] as number
    this.index.directory = doubled
  }

  /** The number of a new sub-table. */
  #openSubTable(bits: number): number {
    const { slots } = this.index
    const number = this.#bits.push(bits) - 1
    this.#used.push(0)
    const last = slots.at(-1)
    const bytes = ((number & inSubTables) + 1) * subTableBytes
    if (last === undefined) slots.push(new Uint32Array(this.#take(subTableBytes)))
    else if ((number & inSubTables) === 0) slots.push(new Uint32Array(this.#take(chunkBytes)))
    else if (bytes > last.byteLength) slots[0] = new Uint32Array(this.#grown(last.buffer))
    return number
  }

  #numbers(length: number): Uint32Array {
    return new Uint32Array(this.#take(length * Uint32Array.BYTES_PER_ELEMENT))
  }

  #take(bytes: number): ArrayBufferLike {
    this.#memoryBytes += bytes
    return this.#memory.take(bytes)
  }

  /** The first chunk, made larger. */
  #grown(chunk: ArrayBufferLike): ArrayBufferLike {
    const grown = this.#take(chunk.byteLength * growth)
    new Uint8Array(grown).set(new Uint8Array(chunk))
    this.#memoryBytes -= chunk.byteLength
    return grown
  }

  /** Gives its memory back. No thread may use the table any more. */
  end(): void {
    for (const { buffer } of [...this.index.ids, ...this.index.slots]) this.#memory.giveBack(buffer)
  }

  /** The places of a block's devices, by rising ordinal. */
  *#placesIn(block: number): Generator<number> {
    let place = this.blocks.placeOf(block) ?? noPlace
    if (place === noPlace) throw new Damage('no block of devices')
    const last = (this.blocks.firstOf(block + 1) ?? this.#count) - 1
    for (let ordinal = this.blocks.firstOf(block) as number; ; ordinal++) {
      yield place
      if (ordinal === last) return
      const behind = place + nextPlace(headBytes + bytesWith(this.#lengthAt(place))) / placeBytes
      place = this.#holds(behind, ordinal + 1) ? behind : nextChunk(place)
    }
  }

  /** Whether an ordinal stands at a place, and not in the next chunk, for want of room. */
  #holds(place: number, ordinal: number): boolean {
    const at = (place & inChunk) * placeBytes
    return at > 0 && at + headBytes <= chunkBytes && this.index.ordinalAt(place) === ordinal
  }

  #chunkOf(place: number): DataView {
    return this.index.ids[place >>> chunkShift] as DataView
  }

  #lengthAt(place: number): number {
    const at = (place & inChunk) * placeBytes + headBytes
    const first = this.#chunkOf(place).getUint8(at - 1)
    return isLong(first) ? lengthOf(first, this.#chunkOf(place).getUint8(at)) : first
  }

  #idAt(place: number): Uint8Array {
    const length = this.#lengthAt(place)
    const at = (place & inChunk) * placeBytes + headBytes + bytesWith(length) - length
    return new Uint8Array(this.#chunkOf(place).buffer, at, length)
  }

  /** An id that has two ordinals, as text; undefined where there is none. For checking. */
  firstTwice(): string | undefined {
    for (let block = 0; block < this.blocks.count; block++) {
      for (const place of this.#placesIn(block)) {
        const id = this.#idAt(place)
        if (this.find(id, 0, id.length) !== this.index.ordinalAt(place))
          return Buffer.from(id).toString()
      }
    }
    return undefined
  }

  /** Writes a block as it stands on disk; its first ordinal. */
  writeBlock(out: ByteWriter, number: number): number {
    writeIds(
      out,
      Array.from(this.#placesIn(number), (place) => this.#idAt(place)),
    )
    return this.blocks.firstOf(number) as number
  }

  /** Takes in the next block from disk. As with looking up, all ids go step by step together. */
  readBlock(body: Uint8Array): void {
    const view = viewOf(body)
    const { starts, lengths, count } = readIds(body)
    for (let i = 0; i < count; i++) {
      const [start, length] = [starts[i] as number, lengths[i] as number]
      hashes[i] = this.index.hashOf(view, start, length)
      places[i] = this.#keep(view, start, length, i === 0)
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
