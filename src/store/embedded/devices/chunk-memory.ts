// Memory that tables of devices stand in. Memory that threads share is collected late or never, so chunks
// that come back are lent again.
import { layout } from './hash-index.ts'

const { chunkBytes } = layout

export interface TableMemory {
  /** All zeros. */
  take(bytes: number): ArrayBufferLike
  /** To be called when no table stands in it any more. */
  giveBack(memory: ArrayBufferLike): void
}

/** Seen by one thread alone, and collected. */
export const ownMemory: TableMemory = {
  take: (bytes) => new ArrayBuffer(bytes),
  giveBack: () => {},
}

/** Keeps as much as ever stood in it. */
export const openSharedMemory = (): TableMemory => {
  const idle: ArrayBufferLike[] = []
  return {
    take: (bytes) =>
      (bytes === chunkBytes ? idle.pop() : undefined) ?? new SharedArrayBuffer(bytes),
    giveBack(memory) {
      if (memory.byteLength !== chunkBytes) return
      new Uint8Array(memory).fill(0)
      idle.push(memory)
    },
  }
}
