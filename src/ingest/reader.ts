// The main thread's side of the reader's thread: bodies stand in memory that both see, so only where they
// stand, and the few things that they tell, go over. What stands in memory of its own is read here; so is
// everything once the thread has ended by itself.
import { Buffer } from 'node:buffer'
import { Worker } from 'node:worker_threads'
import { type Buffers, blockBytesMin } from '../buffers.ts'
import { Fault } from '../ledger/fault.ts'
import { inSlices } from '../pace.ts'
import type { Parsed } from './lines.ts'
import { unpackEvents } from './packed-events.ts'
import { type Reader, type Reading, readerHere } from './parse.ts'
import type { Arrival, IngestSettings } from './place.ts'
import { bytesForPlaces, DevicePlaces } from './raw.ts'
import type { Block, Read, ReaderAnswer, ReaderAsk, ReaderData } from './reader-thread.ts'

/** Ids mostly take more, even side by side; where they take less, the thread makes room for them. */
const bytesPerId = 16

interface Waiting {
  readonly resolve: (read: Read) => void
  readonly reject: (cause: Error) => void
}

/** The built thread: Node runs no TypeScript by itself, so from sources it is taken from dist. */
const threadFile = import.meta.url.endsWith('.ts')
  ? new URL('../../dist/ingest/reader-thread.js', import.meta.url)
  : new URL('./reader-thread.js', import.meta.url)

/** Tells the reason where the thread ends by itself. */
export const openReader = (
  settings: IngestSettings,
  buffers: Buffers,
  onEnded: (cause: Error) => void,
  file: URL = threadFile,
): Reader => {
  const here = readerHere(settings, buffers)
  // Whoever calls may know more settings, some of them secret.
  const { lineDevicesMax, keepDays } = settings
  const workerData: ReaderData = {
    memory: buffers.memory,
    settings: { lineDevicesMax, keepDays },
  }
  const thread = new Worker(file, { workerData })
  const waiting = new Map<number, Waiting>()
  let asks = 0
  let isEnded = false

  const fail = (cause: Error): void => {
    isEnded = true
    const failure = new Fault('unavailable', 'the events could not be read; try again', { cause })
    for (const { reject } of waiting.values()) reject(failure)
    waiting.clear()
  }
  const end = (cause: Error): void => {
    if (isEnded) return
    fail(cause)
    onEnded(cause)
  }
  thread.on('error', end)
  thread.on('exit', () => end(new Error('the reader thread has ended')))
  thread.on('message', ({ number, read, failure }: ReaderAnswer) => {
    const asked = waiting.get(number)
    waiting.delete(number)
    if (read !== undefined) asked?.resolve(read)
    else if (failure?.fault === undefined) asked?.reject(new Error(failure?.message))
    else asked?.reject(new Fault(failure.fault, failure.message))
  })

  const ask = (body: Block, places: Block, arrival: Arrival): Promise<Read> =>
    new Promise((resolve, reject) => {
      const number = ++asks
      waiting.set(number, { resolve, reject })
      thread.postMessage({ number, body, places, arrival } satisfies ReaderAsk)
    })

  const readThere = async (
    body: Uint8Array,
    memory: Buffer,
    arrival: Arrival,
  ): Promise<Reading> => {
    const places = new DevicePlaces(buffers, memory)
    try {
      const read = await ask(blockOf(body), blockOf(memory), arrival)
      const parsed = await inSlices(parsedOf(read, body, places))
      return { parsed, release: () => places.release() }
    } catch (cause) {
      places.release()
      throw cause
    }
  }

  return {
    read: async (body, arrival) => {
      if (isEnded || body.buffer !== buffers.memory) return here.read(body, arrival)
      const bytes = bytesForPlaces(Math.ceil(body.length / bytesPerId))
      const memory = buffers.take(Math.max(blockBytesMin, bytes))
      return memory.buffer === buffers.memory
        ? readThere(body, memory, arrival)
        : here.read(body, arrival)
    },
    close: async () => {
      fail(new Error('the server is stopping'))
      await thread.terminate()
    },
  }
}

const blockOf = ({ byteOffset, length }: Uint8Array): Block => ({ at: byteOffset, length })

function* parsedOf(read: Read, bytes: Uint8Array, places: DevicePlaces): Generator<void, Parsed> {
  const { events: packed, refusals, count, grown, ...rest } = read
  const memory = grown && Buffer.from(grown.buffer, grown.byteOffset, grown.length)
  places.adopt(count, memory)
  const events = yield* unpackEvents(packed)
  return { ...rest, told: { ...places.over(bytes), events, refusals } }
}
