// Rows in ClickHouse's RowBinary, built as bytes: numbers of fixed size with the low byte first, text
// behind its length.

const bytesAtFirst = 4096

export interface Rows {
  readonly count: number
  u8(value: number): void
  u32(value: number): void
  i32(value: number): void
  u64(value: bigint): void
  text(value: string): void
  /** Text, as so many bytes of others. */
  slice(source: Uint8Array, start: number, bytes: number): void
  /** Of an array, before its items. */
  length(value: number): void
  end(): void
  /** All of them; the rows must not be used afterwards. */
  taken(): Uint8Array
}

export const openRows = (): Rows => {
  let buffer = Buffer.allocUnsafe(bytesAtFirst)
  let at = 0
  let count = 0
  const room = (bytes: number): void => {
    if (at + bytes <= buffer.length) return
    const larger = Buffer.allocUnsafe(Math.max(buffer.length * 2, at + bytes))
    buffer.copy(larger, 0, 0, at)
    buffer = larger
  }
  const length = (value: number): void => {
    room(5)
    let rest = value
    while (rest > 127) {
      buffer[at++] = (rest & 127) | 128
      rest >>>= 7
    }
    buffer[at++] = rest
  }
  const slice = (source: Uint8Array, start: number, bytes: number): void => {
    length(bytes)
    room(bytes)
    // Ids are short: a loop takes less than a call.
    for (let i = 0; i < bytes; i++) buffer[at + i] = source[start + i] ?? 0
    at += bytes
  }
  return {
    get count() {
      return count
    },
    u8: (value) => {
      room(1)
      buffer[at++] = value
    },
    u32: (value) => {
      room(4)
      at = buffer.writeUInt32LE(value, at)
    },
    i32: (value) => {
      room(4)
      at = buffer.writeInt32LE(value, at)
    },
    u64: (value) => {
      room(8)
      at = buffer.writeBigUInt64LE(value, at)
    },
    text: (value) => {
      const bytes = Buffer.from(value)
      slice(bytes, 0, bytes.length)
    },
    slice,
    length,
    end: () => {
      count += 1
    },
    taken: () => buffer.subarray(0, at),
  }
}
