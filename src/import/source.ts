// What is imported: files and streams of lines, packed by gzip or not, from any place on. Reading is
// on demand and into one buffer, so that a file of any size takes the same memory.
import { constants, type Stats } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

/** By this a file is known again. */
export interface Identity {
  readonly path: string
  readonly sizeBytes: number
  readonly changedAtMs: number
}

export interface Source {
  /** As it was named. */
  readonly name: string
  /** Undefined for a stream, which can be read only once. */
  readonly identity: Identity | undefined
  /** From so many unpacked bytes on. */
  read(fromByte: number): Reading
  /** Ends the reading of a stream with an error; files end by themselves. */
  cancel(): void
  close(): Promise<void>
}

export interface Reading {
  /** Each chunk is overwritten by the next. Throws SourceError. */
  readonly chunks: AsyncGenerator<Uint8Array>
  /** How far the file itself was read, packed as it is. */
  readonly fileBytes: () => number
}

/** It cannot be opened, read or unpacked; the message is a sentence that names it. */
export class SourceError extends Error {
  override readonly name = 'SourceError'
}

const chunkBytes = 262_144
const standardInput = '-'

export const openSource = async (name: string, stdin: Readable): Promise<Source> => {
  if (name === standardInput) return streamSource('standard input', stdin, async () => {})
  const handle = await open(name, constants.O_RDONLY).catch((cause: unknown) => {
    throw new SourceError(`${name} cannot be opened: ${reasonOf(cause)}`)
  })
  const stats = await handle.stat()
  if (stats.isFile()) return fileSource(name, handle, stats)
  if (stats.isDirectory()) {
    await handle.close()
    throw new SourceError(`${name} is a directory: name the files in it`)
  }
  const stream = handle.createReadStream({ autoClose: false, highWaterMark: chunkBytes })
  return streamSource(name, stream, () => handle.close())
}

const fileSource = async (name: string, handle: FileHandle, stats: Stats): Promise<Source> => {
  const start = Buffer.alloc(2)
  await handle.read(start, 0, start.length, 0)
  const isPacked = name.endsWith('.gz') || isGzip(start)
  return {
    name,
    identity: { path: resolve(name), sizeBytes: stats.size, changedAtMs: stats.mtimeMs },
    read: (fromByte) => {
      if (!isPacked) return readPlain(name, handle, fromByte)
      const stream = handle.createReadStream({ autoClose: false, start: 0 })
      const chunks = told(name, after(fromByte, unpacked(stream)))
      return { chunks, fileBytes: () => stream.bytesRead }
    },
    cancel: () => {},
    close: () => handle.close(),
  }
}

const readPlain = (name: string, handle: FileHandle, fromByte: number): Reading => {
  let at = fromByte
  const read = async function* () {
    const buffer = Buffer.allocUnsafeSlow(chunkBytes)
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, chunkBytes, at)
      if (bytesRead === 0) return
      at += bytesRead
      yield buffer.subarray(0, bytesRead)
    }
  }
  return { chunks: told(name, read()), fileBytes: () => at }
}

const streamSource = (name: string, stream: Readable, close: () => Promise<void>): Source => ({
  name,
  identity: undefined,
  read: () => ({ chunks: told(name, eitherOf(stream)), fileBytes: () => 0 }),
  cancel: () => stream.destroy(),
  close: async () => {
    stream.destroy()
    await close()
  },
})

/** A stream that may be packed or not: its first two bytes tell. */
async function* eitherOf(stream: Readable): AsyncGenerator<Uint8Array> {
  const chunks: AsyncIterator<Uint8Array> = stream[Symbol.asyncIterator]()
  let first = Buffer.alloc(0)
  while (first.length < 2) {
    const next = await chunks.next()
    if (next.done) break
    first = Buffer.concat([first, next.value])
  }
  const all = (async function* () {
    yield first
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value
  })()
  yield* isGzip(first) ? unpacked(all) : all
}

async function* unpacked(packed: Readable | AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: chunkBytes })
  // Whatever goes wrong comes out of the last one.
  pipeline(packed, gunzip, () => {})
  yield* gunzip
}

async function* after(
  skippedBytes: number,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let toSkip = skippedBytes
  for await (const chunk of chunks) {
    const skipped = Math.min(toSkip, chunk.length)
    toSkip -= skipped
    yield chunk.subarray(skipped)
  }
}

async function* told(name: string, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks
  } catch (cause) {
    throw new SourceError(`${name} cannot be read to its end: ${reasonOf(cause)}`)
  }
}

const isGzip = (start: Uint8Array): boolean => start[0] === 0x1f && start[1] === 0x8b

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission is denied',
  Z_BUF_ERROR: 'the gzip is cut off',
  Z_DATA_ERROR: 'it is no sound gzip',
}

const reasonOf = (cause: unknown): string => {
  if (!(cause instanceof Error)) return String(cause)
  const code = 'code' in cause ? String(cause.code) : ''
  return reasons[code] ?? cause.message
}
