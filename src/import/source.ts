// The files and streams that are imported, packed by gzip or not, from any place on. Reading is on
// demand and into one buffer, so that a file of any size takes the same memory.
import { close, constants, createReadStream, fstat, open, read, type Stats } from 'node:fs'
import { Socket } from 'node:net'
import { resolve } from 'node:path'
import { pipeline, type Readable } from 'node:stream'
import { isatty, ReadStream as TerminalStream } from 'node:tty'
import { promisify } from 'node:util'
import { createGunzip } from 'node:zlib'
import { reasonOf } from '../runtime/system-error.ts'
import { type Form, formOf, linesOfElements, showsForm } from './elements.ts'

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
  /** Known of a stream once its first chunk was read; lines until then. */
  form(): Form
  /** From so many bytes on: unpacked, and one event a line. */
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

const openFile = promisify(open)
const closeFile = promisify(close)
const readFile = promisify(read)
const statFile = promisify(fstat)

const chunkBytes = 262_144
/** A text with more blanks before its first event is taken for lines. */
const headBytesMax = 65_536
const standardInput = '-'

export const openSource = async (name: string, stdin: Readable): Promise<Source> => {
  if (name === standardInput) return streamSource('standard input', stdin)
  try {
    // Without O_NONBLOCK a pipe that nobody writes to would be waited for, deaf to signals.
    const fd = await openFile(name, constants.O_RDONLY | constants.O_NONBLOCK)
    const stats = await statFile(fd)
    if (stats.isFile()) return await fileSource(name, fd, stats)
    if (!stats.isDirectory()) return streamSource(name, streamOf(fd, stats))
    await closeFile(fd)
  } catch (cause) {
    throw new SourceError(`${name} cannot be opened: ${whyOf(cause)}`)
  }
  throw new SourceError(`${name} is a directory: name the files in it`)
}

/** The stream of a pipe, a terminal or a device; it closes the file when it is destroyed. */
const streamOf = (fd: number, stats: Stats): Readable => {
  if (stats.isFIFO()) return new Socket({ fd, readable: true, writable: false })
  if (isatty(fd)) return new TerminalStream(fd)
  return createReadStream('', { fd, autoClose: false, highWaterMark: chunkBytes })
}

const fileSource = async (name: string, fd: number, stats: Stats): Promise<Source> => {
  const start = Buffer.alloc(2)
  await readFile(fd, start, 0, start.length, 0)
  const isPacked = name.endsWith('.gz') || isGzip(start)
  const openBytes = (fromByte: number) => (isPacked ? openUnpacked(fd) : openPlain(fd, fromByte))
  const form = formOf(await headOf(openBytes(0).chunks))
  return {
    name,
    identity: { path: resolve(name), sizeBytes: stats.size, changedAtMs: stats.mtimeMs },
    form: () => form,
    read: (fromByte) => {
      const isSought = !isPacked && form === 'lines'
      const { chunks, fileBytes } = openBytes(isSought ? fromByte : 0)
      const lines = form === 'lines' ? chunks : linesOfElements(chunks)
      return { chunks: told(name, isSought ? lines : after(fromByte, lines)), fileBytes }
    },
    cancel: () => {},
    close: () => closeFile(fd),
  }
}

interface Bytes {
  readonly chunks: AsyncIterable<Uint8Array>
  readonly fileBytes: () => number
}

const openPlain = (fd: number, fromByte: number): Bytes => {
  let at = fromByte
  const chunks = chunksOf(fd, fromByte, Buffer.allocUnsafeSlow(chunkBytes), (to) => {
    at = to
  })
  return { chunks, fileBytes: () => at }
}

/** Each chunk is a buffer of its own, as the unpacking reads ahead. */
const openUnpacked = (fd: number): Bytes => {
  let at = 0
  const chunks = chunksOf(fd, 0, undefined, (to) => {
    at = to
  })
  return { chunks: unpacked(chunks), fileBytes: () => at }
}

async function* chunksOf(
  fd: number,
  fromByte: number,
  shared: Buffer | undefined,
  onRead: (toByte: number) => void,
): AsyncGenerator<Uint8Array> {
  for (let at = fromByte; ; ) {
    const buffer = shared ?? Buffer.allocUnsafeSlow(chunkBytes)
    const { bytesRead } = await readFile(fd, buffer, 0, chunkBytes, at)
    if (bytesRead === 0) return
    at += bytesRead
    onRead(at)
    yield buffer.subarray(0, bytesRead)
  }
}

/** The first bytes; of what cannot be read none, as reading it whole will tell. */
const headOf = async (chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> => {
  let head = Buffer.alloc(0)
  try {
    for await (const chunk of chunks) {
      head = Buffer.concat([head, chunk])
      if (isHead(head)) break
    }
  } catch {
    // What was read before is enough.
  }
  return head
}

const isHead = (bytes: Uint8Array): boolean => showsForm(bytes) || bytes.length >= headBytesMax

const streamSource = (name: string, stream: Readable): Source => {
  let form: Form = 'lines'
  async function* lines(): AsyncGenerator<Uint8Array> {
    const packed = await peek(stream, (head) => head.length >= 2)
    const bytes = isGzip(packed.head) ? unpacked(packed.all) : packed.all
    const { head, all } = await peek(bytes, isHead)
    form = formOf(head)
    yield* form === 'lines' ? all : linesOfElements(all)
  }
  return {
    name,
    identity: undefined,
    form: () => form,
    read: () => ({ chunks: told(name, lines()), fileBytes: () => 0 }),
    cancel: () => stream.destroy(),
    close: async () => {
      stream.destroy()
    },
  }
}

interface Peeked {
  readonly head: Uint8Array
  /** Everything, the head included. */
  readonly all: AsyncGenerator<Uint8Array>
}

/** Reads until there is enough, or the end. */
const peek = async (
  chunks: AsyncIterable<Uint8Array>,
  isEnough: (head: Uint8Array) => boolean,
): Promise<Peeked> => {
  const iterator = chunks[Symbol.asyncIterator]()
  let head = Buffer.alloc(0)
  while (!isEnough(head)) {
    const next = await iterator.next()
    if (next.done) break
    head = Buffer.concat([head, next.value])
  }
  const all = (async function* () {
    yield head
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
      yield next.value
    }
  })()
  return { head, all }
}

async function* unpacked(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
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
    throw new SourceError(`${name} cannot be read to its end: ${whyOf(cause)}`)
  }
}

const isGzip = (start: Uint8Array): boolean => start[0] === 0x1f && start[1] === 0x8b

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  Z_BUF_ERROR: 'the gzip is cut off',
  Z_DATA_ERROR: 'it is no sound gzip',
}

const whyOf = (cause: unknown): string => {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return reasons[code] ?? reasonOf(cause)
}
