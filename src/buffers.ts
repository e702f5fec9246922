// Memory that is used again: a feed sends body after body of a size, and fresh memory for each and for what
// is read of it costs more than reading it does. Of powers of two, and only so much of it is kept.

/** Who needs less gets just that, and it is not kept. */
const neededBytesMin = 2 ** 14
/** The sizes that are kept; what is longer is let go of. */
const bytesMin = 2 ** 16
const bytesMax = 2 ** 22
/** Of all sizes together, what lies idle. */
const idleBytesMax = 2 ** 25

export interface Buffers {
  /** At least so many bytes, in which anything may stand. */
  take(bytes: number): Buffer
  /** To be called once, when nobody reads it any more. */
  giveBack(buffer: Buffer): void
}

export const openBuffers = (): Buffers => {
  const idle = new Map<number, Buffer[]>()
  let idleBytes = 0
  return {
    take: (bytes) => {
      const size = Math.max(bytesMin, 2 ** Math.ceil(Math.log2(bytes)))
      if (bytes < neededBytesMin || size > bytesMax) return Buffer.allocUnsafeSlow(bytes)
      const kept = idle.get(size)?.pop()
      if (kept === undefined) return Buffer.allocUnsafeSlow(size)
      idleBytes -= size
      return kept
    },
    giveBack: (buffer) => {
      const size = buffer.length
      if (size < bytesMin || size > bytesMax || idleBytes + size > idleBytesMax) return
      if (2 ** Math.round(Math.log2(size)) !== size) return
      idleBytes += size
      const kept = idle.get(size)
      if (kept === undefined) idle.set(size, [buffer])
      else kept.push(buffer)
    },
  }
}
