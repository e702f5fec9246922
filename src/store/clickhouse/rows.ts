// Rows in ClickHouse's RowBinary, built as bytes: numbers of fixed size with the low byte first, text
// behind its length.

// Of most tables a commit has few rows or none.
const bytesAtFirst = 64
const chunkBytes = 2 ** 18
const lengthBytesMax = 5

export interface Rows {
  readonly count: number
  u8(value: number): void
  u32(value: number): void
  i32(value: number): void
  u64(value: bigint): void
  text(value: string): void
  /** Text, as so many bytes of others. */
  slice(source: Uint8Array, start: number, bytes: number): void
  /** A whole row: what stands before the text of all rows of its kind, and the text. */
  line(head: Uint8Array, source: Uint8Array, start: number, bytes: number): void
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
  const full: Uint8Array[] = []
  const room = (bytes: number): void => {
    if (at + bytes <= buffer.length) return
    full.push(buffer.subarray(0, at))
    buffer = Buffer.allocUnsafe(Math.max(chunkBytes, bytes))
    at = 0
  }
  const length = (value: number): void => {
    room(lengthBytesMax)
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
    at = copyTo(buffer, at, source, start, bytes)
  }
  const line = (head: Uint8Array, source: Uint8Array, start: number, bytes: number): void => {
    room(head.length + lengthBytesMax + bytes)
    at = copyTo(buffer, at, head, 0, head.length)
    length(bytes)
    at = copyTo(buffer, at, source, start, bytes)
    count += 1
  }
  return {
    line,
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
    taken: () => Buffer.concat([...full, buffer.subarray(0, at)]),
  }
}

/** Lines, in parts of so many rows, each to be inserted by itself. */
export interface Parts {
  readonly line: Rows['line']
  readonly parts: readonly Rows[]
}

export const openParts = (rowsMax: number): Parts => {
  let last = openRows()
  const parts = [last]
  return {
    parts,
    line: (head, source, start, bytes) => {
      if (last.count === rowsMax) {
        last = openRows()
        parts.push(last)
      }
      last.line(head, source, start, bytes)
    },
  }
}

/** Ids are short: a loop takes less than a call. Where it ends. */
const copyTo = (
  target: Buffer,
  at: number,
  source: Uint8Array,
  start: number,
  bytes: number,
): number => {
  for (let i = 0; i < bytes; i++) target[at + i] = source[start + i] as number
  return at + bytes
}
