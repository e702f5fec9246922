// The main thread's side of the thread that looks ids up. Most of what that takes is waiting for memory, which
// the main thread would do alone.
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { DeviceList } from '../../../ledger/event-batch.ts'
import { openBuffers } from '../../../runtime/buffer-pool.ts'
import { builtFile } from '../../../runtime/built-file.ts'
import { openSharedMemory, ownMemory, type TableMemory } from './chunk-memory.ts'
import type { DeviceTable } from './dictionary.ts'
import type { LookUpAsk, LookUpEnd } from './lookup-thread.ts'

/** The ordinals of a list of devices in a table; `noOrdinal` for those that were not found. */
export interface LookedUp {
  readonly table: DeviceTable
  readonly ordinals: Uint32Array
  /** To be called once, when nobody reads the ordinals any more. */
  release(): void
}

export interface LookUp {
  /** Where tables have to stand. */
  readonly memory: TableMemory
  /** Undefined where the caller had better look them up. Never rejects. */
  find(table: DeviceTable, devices: DeviceList): Promise<LookedUp | undefined> | undefined
  /** The table is not used any more. Calls back once no thread reads it. */
  forget(table: DeviceTable, onForgotten: () => void): void
  close(): Promise<void>
}

/** Without a thread: whoever asks looks up. */
export const lookUpHere: LookUp = {
  memory: ownMemory,
  find: () => undefined,
  forget: (_, onForgotten) => onForgotten(),
  close: async () => {},
}

/**
 * Where an id comes with more bytes than this, a thread is busy reading them; on two cores there is no third
 * that could look up meanwhile.
 */
const bytesPerIdMax = availableParallelism() > 2 ? Number.POSITIVE_INFINITY : 64
/** So many ids show whether a table's devices are mostly known, and worth looking for. */
const idsInSample = 65_536

/** What the thread was told of a table. */
interface Asked {
  readonly number: number
  readonly ids: DataView[]
  readonly slots: Uint32Array[]
  /** Since the sample began. */
  sampled: number
  countBefore: number
  isMostlyKnown: boolean
}

/** Tells the reason where the thread ends by itself; from then on whoever asks looks up. */
export const openLookUp = (
  onEnded: (cause: Error) => void,
  file: URL = builtFile('store/embedded/devices/lookup-thread'),
): LookUp => {
  const buffers = openBuffers()
  const thread = new Worker(file)
  const tables = new Map<DeviceTable, Asked>()
  const waiting: ((isDone: boolean) => void)[] = []
  let tablesAsked = 0
  let isEnded = false

  const fail = (): void => {
    isEnded = true
    for (const settle of waiting.splice(0)) settle(false)
  }
  const end = (cause: Error): void => {
    if (isEnded) return
    fail()
    onEnded(cause)
  }
  thread.on('message', () => waiting.shift()?.(true))
  thread.on('error', end)
  thread.on('exit', () => end(new Error('the thread that looks ids up has ended')))

  const askedOf = (table: DeviceTable): Asked => {
    const known = tables.get(table)
    if (known !== undefined) return known
    const number = ++tablesAsked
    const sample = { sampled: 0, countBefore: table.count, isMostlyKnown: false }
    const asked = { number, ids: [], slots: [], ...sample }
    tables.set(table, asked)
    return asked
  }

  const ask = (table: DeviceTable, asked: Asked, devices: DeviceList, memory: Buffer) => {
    const { index } = table
    const ordinals = new Uint32Array(memory.buffer, memory.byteOffset, devices.starts.length)
    thread.postMessage({
      table: asked.number,
      seed: index.seed,
      directory: index.directory,
      placesEnd: table.placesEnd,
      ids: news(index.ids, asked.ids),
      slots: news(index.slots, asked.slots),
      devices,
      ordinals,
    } satisfies LookUpAsk)
    return new Promise<LookedUp | undefined>((resolve) => {
      waiting.push((isDone) => {
        if (isDone) resolve({ table, ordinals, release: () => buffers.giveBack(memory) })
        else resolve(undefined)
      })
    })
  }

  return {
    memory: openSharedMemory(),
    find(table, devices) {
      const { bytes, starts, lengths } = devices
      if (isEnded || bytes.length > starts.length * bytesPerIdMax) return undefined
      if (![bytes, starts, lengths].every(isShared)) return undefined
      const asked = askedOf(table)
      sample(asked, table, starts.length)
      if (!asked.isMostlyKnown) return undefined
      const memory = buffers.take(starts.length * Uint32Array.BYTES_PER_ELEMENT)
      return isShared(memory) ? ask(table, asked, devices, memory) : undefined
    },
    forget(table, onForgotten) {
      const asked = tables.get(table)
      if (asked === undefined || isEnded) return onForgotten()
      tables.delete(table)
      waiting.push(onForgotten)
      thread.postMessage({ end: asked.number } satisfies LookUpEnd)
    },
    async close() {
      fail()
      await thread.terminate()
    },
  }
}

const isShared = ({ buffer }: Uint8Array | Uint16Array | Uint32Array): boolean =>
  buffer instanceof SharedArrayBuffer

/** A new id is looked for in vain, and then again. */
const sample = (asked: Asked, { count }: DeviceTable, ids: number): void => {
  asked.sampled += ids
  if (asked.sampled < idsInSample) return
  asked.isMostlyKnown = (count - asked.countBefore) * 2 < asked.sampled
  asked.sampled = 0
  asked.countBefore = count
}

/** The pieces that the thread has not been told of, by place; told now. */
const news = <Piece>(pieces: readonly Piece[], told: Piece[]): [number, Piece][] =>
  [...pieces.entries()].filter(([place, piece]) => {
    const isNew = told[place] !== piece
    told[place] = piece
    return isNew
  })
