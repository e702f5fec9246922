// The main thread's side of the reader's thread: bodies stand in memory that both see, so only
// where they stand, and the few things that they tell, go over. What stands in memory of its own is
// read here; so is everything once the thread has ended by itself.
import { Buffer } from 'node:buffer'
import { Worker } from 'node:worker_threads'
import { Fault } from '../../ledger/fault.ts'
import { type Buffers, blockBytesMin } from '../../runtime/buffer-pool.ts'
import { builtFile } from '../../runtime/built-file.ts'
import { inSlices } from '../../runtime/time-slice.ts'
import { openTurns } from '../../runtime/turns.ts'
import type { Parsed } from '../body/lines.ts'
import { type Reader, readAtOnce, readerHere, type Waiter } from '../body/parser.ts'
import { bytesForPlaces, DevicePlaces } from '../line/parsed-line.ts'
import type { Arrival, IngestSettings } from '../rules/validate.ts'
import { unpackEvents } from './event-columns.ts'
import type {
  Block,
  Read,
  ReaderAnswer,
  ReaderAsk,
  ReaderData,
  ReaderDrop,
} from './parser-thread.ts'

/**
 * Ids mostly take more, even side by side; where they take less, the thread makes room for them.
 */
const bytesPerId = 16

interface Waiting {
  readonly resolve: (read: Read) => void
  readonly reject: (cause: Error) => void
}

/** Requests to the thread that have no answer yet. */
interface Asks {
  /** Settles once the thread no longer looks at the body. */
  ask(body: Block, places: Block, arrival: Arrival, gone: AbortSignal | undefined): Promise<Read>
  /** Rejects what waits. */
  fail(cause: Error): void
}

const openAsks = (thread: Worker): Asks => {
  const waiting = new Map<number, Waiting>()
  let asks = 0
  thread.on('message', ({ number, read, failure }: ReaderAnswer) => {
    const asked = waiting.get(number)
    waiting.delete(number)
    if (read !== undefined) asked?.resolve(read)
    else if (failure?.fault === undefined) asked?.reject(new Error(failure?.message))
    else asked?.reject(new Fault(failure.fault, failure.message))
  })
  const ask: Asks['ask'] = (body, places, arrival, gone) => {
    const number = ++asks
    const drop = () => thread.postMessage({ drop: number } satisfies ReaderDrop)
    gone?.addEventListener('abort', drop, { once: true })
    const asked = new Promise<Read>((resolve, reject) => waiting.set(number, { resolve, reject }))
    thread.postMessage({ number, body, places, arrival } satisfies ReaderAsk)
    return asked.finally(() => gone?.removeEventListener('abort', drop))
  }
  const fail = (cause: Error): void => {
    const failure = new Fault('unavailable', 'the events could not be read; try again', { cause })
    for (const { reject } of waiting.values()) reject(failure)
    waiting.clear()
  }
  return { ask, fail }
}

/** Reports the reason where the thread ends by itself. */
export const openReader = (
  settings: IngestSettings,
  buffers: Buffers,
  onEnded: (cause: Error) => void,
  file: URL = builtFile('ingest/worker/parser-thread'),
): Reader => {
  const here = readerHere(settings, buffers)
  // Whoever calls may know more settings, some of them secret.
  const { lineDevicesMax, keepDays } = settings
  const workerData: ReaderData = {
    memory: buffers.memory,
    settings: { lineDevicesMax, keepDays },
  }
  const thread = new Worker(file, { workerData })
  const turns = openTurns<number>(Number.POSITIVE_INFINITY, readAtOnce)
  const asks = openAsks(thread)
  let isEnded = false

  const end = (cause: Error): void => {
    if (isEnded) return
    isEnded = true
    asks.fail(cause)
    onEnded(cause)
  }
  thread.on('error', end)
  thread.on('exit', () => end(new Error('the reader thread has ended')))

  const readThere = async (
    body: Uint8Array,
    memory: Buffer,
    arrival: Arrival,
    { gone }: Waiter,
  ) => {
    const places = new DevicePlaces(buffers, memory)
    try {
      const read = await asks.ask(blockOf(body), blockOf(memory), arrival, gone)
      const parsed = await inSlices(parsedOf(read, body, places), gone)
      return { parsed, release: () => places.release() }
    } catch (cause) {
      places.release()
      throw gone?.aborted ? gone.reason : cause
    }
  }

  const isShared = ({ buffer }: Uint8Array): boolean => !isEnded && buffer === buffers.memory
  const readAnywhere = async (body: Uint8Array, arrival: Arrival, waiter: Waiter) => {
    const bytes = bytesForPlaces(Math.ceil(body.length / bytesPerId))
    const memory = buffers.take(Math.max(blockBytesMin, bytes))
    if (isShared(memory)) return readThere(body, memory, arrival, waiter)
    return here.read(body, arrival, waiter)
  }

  return {
    read: (body, arrival, waiter) =>
      isShared(body)
        ? turns.run(waiter.app, waiter.gone, () => readAnywhere(body, arrival, waiter))
        : here.read(body, arrival, waiter),
    close: async () => {
      isEnded = true
      asks.fail(new Error('the server is stopping'))
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
