// One app's devices in memory: registration id ↔ ordinal, dense and in order of first sight. Ids are
// kept as bytes in the same blocks as on disk; a hash finds the ordinal, a comparison byte for byte
// makes sure. Sub-tables keep the growth of any one of them too short to be felt.
import type { DeviceList } from '../../ledger/fact.ts'
import { ByteReader, type ByteWriter, Damage } from './bytes.ts'

/** Devices in one block, in memory and on disk. */
export const blockDevices = 1_024

/** So many ids may be looked up at once. */
export const lookUpMax = 1_024
const hashes = new Uint32Array(lookUpMax)
const candidates = new Uint32Array(lookUpMax)

const subTables = 256
const slotsAtFirst = 8
const fullest = 0.7

interface Block {
  bytes: Uint8Array
  /** Where each id ends; it begins where the one before it ends. */
  ends: Uint32Array
  count: number
}

interface SubTable {
  /** Two places a slot: the hash, and the ordinal plus one (0: empty). */
  slots: Uint32Array
  used: number
}

export class DeviceTable {
  readonly #blocks: Block[] = []
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
    return this.#find(hashOf(this.#seed, viewOf(bytes), start, length), bytes, start, length)
  }

  /**
   * The ordinals of the ids `from … to − 1` of a list, `lookUpMax` at most, into the same places of
   * `ordinals`. An id that is seen for the first time is given the next one. All are looked up step by step together: each step
   * waits for memory, and so they wait at the same time.
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
      const [start, length] = [starts[i] as number, lengths[i] as number]
      const candidate = candidates[i - from] as number
      ordinals[i] =
        candidate > 0 && this.#isAt(candidate - 1, bytes, start, length)
          ? candidate - 1
          : this.#findOrAdd(hashes[i - from] as number, bytes, start, length)
    }
  }

  #findOrAdd(hash: number, bytes: Uint8Array, start: number, length: number): number {
    const known = this.#find(hash, bytes, start, length)
    if (known >= 0) return known
    this.#append(bytes, start, length)
    return this.#insert(hash)
  }

  /** The first ordinal plus one of an id with this hash; 0 where there is none. */
  #candidate(hash: number): number {
    const table = this.#subTables[hash >>> 24]
    if (table === undefined) return 0
    const { slots } = table
    const mask = slots.length / 2 - 1
    let slot = hash & mask
    for (;;) {
      const ordinal = slots[slot * 2 + 1] as number
      if (ordinal === 0 || slots[slot * 2] === hash) return ordinal
      slot = (slot + 1) & mask
    }
  }

  #find(hash: number, bytes: Uint8Array, start: number, length: number): number {
    const table = this.#subTables[hash >>> 24]
    if (table === undefined) return -1
    const { slots } = table
    const mask = slots.length / 2 - 1
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const ordinal = slots[slot * 2 + 1] ?? 0
      if (ordinal === 0) return -1
      if (slots[slot * 2] === hash && this.#isAt(ordinal - 1, bytes, start, length)) {
        return ordinal - 1
      }
    }
  }

  #isAt(ordinal: number, bytes: Uint8Array, start: number, length: number): boolean {
    const block = this.#blocks[Math.floor(ordinal / blockDevices)]
    if (block === undefined) return false
    const place = ordinal % blockDevices
    const from = place === 0 ? 0 : (block.ends[place - 1] ?? 0)
    if ((block.ends[place] ?? 0) - from !== length) return false
    const held = block.bytes
    for (let i = 0; i < length; i++) if (held[from + i] !== bytes[start + i]) return false
    return true
  }

  #append(bytes: Uint8Array, start: number, length: number): void {
    const place = this.#count % blockDevices
    if (place === 0) {
      this.#blocks.push({ bytes: new Uint8Array(64), ends: new Uint32Array(4), count: 0 })
    }
    const block = this.#blocks[this.#blocks.length - 1]
    if (block === undefined) throw new Damage('no block of devices')
    const from = place === 0 ? 0 : (block.ends[place - 1] ?? 0)
    if (from + length > block.bytes.length) {
      this.#memoryBytes += block.bytes.length
      const grown = new Uint8Array(block.bytes.length * 2 + length)
      grown.set(block.bytes)
      block.bytes = grown
    }
    if (place >= block.ends.length) {
      this.#memoryBytes += block.ends.length * 4
      const grown = new Uint32Array(block.ends.length * 4)
      grown.set(block.ends)
      block.ends = grown
    }
    for (let i = 0; i < length; i++) block.bytes[from + i] = bytes[start + i] ?? 0
    block.ends[place] = from + length
    block.count = place + 1
  }

  /** Gives the id that was appended last its ordinal and a slot. */
  #insert(hash: number): number {
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
    const ordinal = this.#count++
    place(table.slots, hash, ordinal + 1)
    table.used++
    return ordinal
  }

  /** An id that has two ordinals, as text; undefined where there is none. For checking. */
  firstTwice(): string | undefined {
    for (const [number, { bytes, ends, count }] of this.#blocks.entries()) {
      let from = 0
      for (let place = 0; place < count; place++) {
        const end = ends[place] ?? 0
        const ordinal = number * blockDevices + place
        if (this.find(bytes, from, end - from) !== ordinal) {
          return Buffer.from(bytes.subarray(from, end)).toString()
        }
        from = end
      }
    }
    return undefined
  }

  /** Writes a block as it stands on disk: how many, every length, every id. */
  writeBlock(out: ByteWriter, number: number): void {
    const block = this.#blocks[number]
    if (block === undefined) throw new Damage('no block of devices')
    out.varint(block.count)
    let from = 0
    for (let place = 0; place < block.count; place++) {
      const end = block.ends[place] ?? 0
      out.byte(end - from)
      from = end
    }
    out.append(block.bytes.subarray(0, from))
  }

  /** Takes in the next block from disk. Only whole blocks may have others behind them. */
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
      this.#append(body, start, length)
      this.#insert(hashOf(this.#seed, view, start, length))
      start += length
    }
    this.durable = this.#count
  }
}

const place = (slots: Uint32Array, hash: number, ordinal: number): void => {
  const mask = slots.length / 2 - 1
  let slot = hash & mask
  while (slots[slot * 2 + 1] !== 0) slot = (slot + 1) & mask
  slots[slot * 2] = hash
  slots[slot * 2 + 1] = ordinal
}

const grownSlots = (slots: Uint32Array): Uint32Array => {
  const grown = new Uint32Array(slots.length * 2)
  for (let slot = 0; slot < slots.length; slot += 2) {
    const ordinal = slots[slot + 1] ?? 0
    if (ordinal !== 0) place(grown, slots[slot] ?? 0, ordinal)
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

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, byteLength)
