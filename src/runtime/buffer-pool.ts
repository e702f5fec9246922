// Memory that is used again, and that threads share: a feed sends body after body of a size, and fresh memory
// for each and for what is read of it costs more than reading it does. One piece, lent in blocks of powers
// of two; halves that lie idle side by side become one block again.

/** Who needs less gets just that, of its own. */
const neededBytesMin = 2 ** 14
export const blockBytesMin: number = 2 ** 16
/** Who needs more gets memory of its own too. */
const blockBytesMax = 2 ** 24
/** Of all blocks. What was never lent takes no memory. */
const allBytes = 2 ** 26

export interface Buffers {
  /** Where the blocks stand. */
  readonly memory: SharedArrayBuffer
  /** At least so many bytes, in which anything may stand: a block, or memory of its own where none is idle. */
  take(bytes: number): Buffer
  /** To be called once, when nobody reads it any more. */
  giveBack(buffer: Buffer): void
}

export const openBuffers = (): Buffers => {
  const memory = new SharedArrayBuffer(allBytes)
  /** By size, where blocks lie idle; the last was used last, and may still be near the processor. */
  const idle = new Map<number, number[]>()
  for (let size = blockBytesMin; size <= blockBytesMax; size *= 2) idle.set(size, [])
  for (let at = 0; at < allBytes; at += blockBytesMax) idle.get(blockBytesMax)?.unshift(at)

  /** Undefined where none of the size, and none that is larger, lies idle. */
  const takeBlock = (size: number): number | undefined => {
    const blocks = idle.get(size)
    if (blocks === undefined || blocks.length > 0) return blocks?.pop()
    const at = takeBlock(size * 2)
    if (at !== undefined) blocks.push(at + size)
    return at
  }
  const giveBlock = (at: number, size: number): void => {
    const blocks = idle.get(size) ?? []
    const neighbour = at % (size * 2) === 0 ? at + size : at - size
    const place = size < blockBytesMax ? blocks.indexOf(neighbour) : -1
    if (place < 0) blocks.push(at)
    else {
      blocks.splice(place, 1)
      giveBlock(Math.min(at, neighbour), size * 2)
    }
  }

  return {
    memory,
    take: (bytes) => {
      const size = Math.max(blockBytesMin, 2 ** Math.ceil(Math.log2(bytes)))
      const at = bytes < neededBytesMin ? undefined : takeBlock(size)
      return at === undefined ? Buffer.allocUnsafeSlow(bytes) : Buffer.from(memory, at, size)
    },
    giveBack: ({ buffer, byteOffset, length }) => {
      if (buffer === memory) giveBlock(byteOffset, length)
    },
  }
}

// What is handed over to a closed port is gone: so the standard has it, and there is no shorter way yet.
const nowhere = new MessageChannel().port1
nowhere.close()

/**
 * Frees the memory of bytes that came from outside and that nobody looks at any more; they have no length
 * then. Left to be collected, pieces of 64 KiB are the most that the collection of garbage has to do. Of
 * memory that is shared with other bytes, or threads, nothing is freed.
 */
export const letGo = ({ buffer, byteLength }: Uint8Array): void => {
  if (buffer instanceof ArrayBuffer && byteLength === buffer.byteLength) {
    nowhere.postMessage(undefined, [buffer])
  }
}
