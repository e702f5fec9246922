// Reading and writing the bytes of one value: little numbers as varints (seven bits a byte, lowest
// first), and the checksum in front of every value. What the bytes mean is not known here.
import { crc32 } from 'node:zlib'

export const checksumBytes = 4
/** With LMDB's own bytes, a body of this length fills a page of the file, and a longer one begins a second. */
export const pageBodyBytesMax = 4_060
/** How full the pieces are that a longer one is split into. */
export const splitFill = 0.75

/** A value on disk that is not what was written: a wrong checksum, or bytes that cannot be. */
export class Damage extends Error {
  constructor(what: string) {
    super(`the data directory holds a damaged value (${what})`)
    this.name = 'Damage'
  }
}

export const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, byteLength)

/** Grows as it is written; `reset` starts the next value in the same memory. */
export class ByteWriter {
  bytes: Uint8Array = new Uint8Array(16_384)
  length = 0

  reset(): void {
    this.length = 0
  }

  byte(value: number): void {
    if (this.length === this.bytes.length) this.reserve(1)
    this.bytes[this.length++] = value
  }

  /** An integer of 0 … 2^53 − 1. */
  varint(value: number): void {
    if (value < 0x80 && this.length < this.bytes.length) {
      this.bytes[this.length++] = value
      return
    }
    let rest = value
    while (rest >= 0x80) {
      this.byte((rest % 0x80) | 0x80)
      rest = rest < 0x80000000 ? rest >>> 7 : Math.floor(rest / 0x80)
    }
    this.byte(rest)
  }

  append(bytes: Uint8Array): void {
    this.reserve(bytes.length)
    this.bytes.set(bytes, this.length)
    this.length += bytes.length
  }

  /** Makes room for so many more bytes; what stands there is nothing. */
  reserve(more: number): void {
    const needed = this.length + more
    if (needed <= this.bytes.length) return
    const grown = new Uint8Array(Math.max(needed, this.bytes.length * 2))
    grown.set(this.bytes.subarray(0, this.length))
    this.bytes = grown
  }

  /** What was written, as a view that the next `reset` invalidates. */
  written(): Uint8Array {
    return this.bytes.subarray(0, this.length)
  }
}

/** Reads what ByteWriter wrote; running past the end is damage. */
export class ByteReader {
  readonly bytes: Uint8Array
  at: number

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes
    this.at = at
  }

  byte(): number {
    const value = this.bytes[this.at++]
    if (value === undefined) throw new Damage('it ends too early')
    return value
  }

  varint(): number {
    const first = this.byte()
    if (first < 0x80) return first
    let value = first & 0x7f
    let scale = 0x80
    for (;;) {
      const next = this.byte()
      value += (next & 0x7f) * scale
      if (next < 0x80) return value
      scale *= 0x80
      if (scale > 2 ** 53) throw new Damage('a number has no end')
    }
  }

  isAtEnd(): boolean {
    return this.at >= this.bytes.length
  }
}

/**
 * The checksum of a value under its key, so that bytes moved to another key are found out too.
 * CRC-32 of the key, then of the body.
 */
export const checksumOf = (key: Uint8Array, body: Uint8Array): number => crc32(body, crc32(key))

/** A value as it stands on disk: its checksum, then its body. Always memory of its own. */
export const seal = (key: Uint8Array, body: Uint8Array): Uint8Array => {
  const value = new Uint8Array(checksumBytes + body.length)
  new DataView(value.buffer).setUint32(0, checksumOf(key, body), true)
  value.set(body, checksumBytes)
  return value
}

/** The body of a value, checked; a view into `value`. */
export const unseal = (key: Uint8Array, value: Uint8Array): Uint8Array => {
  const body = value.subarray(checksumBytes)
  if (!isWhole(key, value, body)) throw new Damage(`key ${Buffer.from(key).toString('hex')}`)
  return body
}

/** Whether a value is whole, and was kept under this key. */
export const isSealed = (key: Uint8Array, value: Uint8Array): boolean =>
  isWhole(key, value, value.subarray(checksumBytes))

const isWhole = (key: Uint8Array, value: Uint8Array, body: Uint8Array): boolean => {
  if (value.length < checksumBytes) return false
  const at = (place: number): number => value[place] as number
  const checksum = at(0) | (at(1) << 8) | (at(2) << 16) | (at(3) << 24)
  return checksum >>> 0 === checksumOf(key, body)
}
