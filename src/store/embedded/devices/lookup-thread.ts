// A thread that looks ids up in tables of devices which the main thread adds to meanwhile. What it
// does not find the main thread looks for again: it may be new, or have come just now.
import { parentPort } from 'node:worker_threads'
import type { DeviceList } from '../../../ledger/event-batch.ts'
import { DeviceIndex, lookUpMax } from './hash-index.ts'

/** To the thread. All of it stands in shared memory. */
export interface LookUpAsk {
  /** The number of the table. */
  readonly table: number
  readonly seed: number
  readonly directory: Uint32Array
  /** Only ids before this place are compared. */
  readonly placesEnd: number
  /** Chunks that the table did not have when it was last asked, by place. */
  readonly ids: readonly (readonly [number, DataView])[]
  readonly slots: readonly (readonly [number, Uint32Array])[]
  readonly devices: DeviceList
  /** Where the ordinals are to stand. */
  readonly ordinals: Uint32Array
}

/** To the thread: the table of this number is not asked any more. */
export interface LookUpEnd {
  readonly end: number
}

const indexes = new Map<number, DeviceIndex>()

const indexOf = ({ table, seed, directory, placesEnd, ids, slots }: LookUpAsk): DeviceIndex => {
  const index = indexes.get(table) ?? new DeviceIndex(seed, directory)
  indexes.set(table, index)
  index.directory = directory
  index.placesEnd = placesEnd
  for (const [place, chunk] of ids) index.ids[place] = chunk
  for (const [place, chunk] of slots) index.slots[place] = chunk
  return index
}

const lookUp = (index: DeviceIndex, { devices, ordinals }: LookUpAsk): void => {
  for (let from = 0; from < ordinals.length; from += lookUpMax) {
    index.findAll(devices, from, Math.min(from + lookUpMax, ordinals.length), ordinals)
  }
}

// Each message is answered, in order: once the ordinals are written, or once the table is
// forgotten. An exception ends the thread; its owner logs it and looks ids up itself from then on.
parentPort?.on('message', (ask: LookUpAsk | LookUpEnd) => {
  if ('end' in ask) indexes.delete(ask.end)
  else lookUp(indexOf(ask), ask)
  parentPort?.postMessage(undefined)
})
