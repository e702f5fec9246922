// The reader's own thread: reads bodies that stand in memory which it shares with the main thread, and leaves
// what they tell there too.
import { Buffer } from 'node:buffer'
import { parentPort, workerData } from 'node:worker_threads'
import { Fault, type FaultName } from '../../ledger/fault.ts'
import type { Buffers } from '../../runtime/buffer-pool.ts'
import type { Parsed } from '../body/lines.ts'
import { parse } from '../body/parser.ts'
import { DevicePlaces } from '../line/parsed-line.ts'
import type { Arrival, IngestSettings } from '../rules/validate.ts'
import { type PackedEvents, packEvents } from './event-columns.ts'

export interface ReaderData {
  readonly memory: SharedArrayBuffer
  readonly settings: IngestSettings
}

/** Of the memory. */
export interface Block {
  readonly at: number
  readonly length: number
}

/** To the thread. */
export interface ReaderAsk {
  readonly number: number
  readonly body: Block
  readonly arrival: Arrival
  /** Where what is read is to stand. */
  readonly places: Block
}

/** To the thread: this ask is no longer needed. The thread answers it all the same. */
export interface ReaderDrop {
  readonly drop: number
}

/** From the thread, one an ask, in any order. */
export interface ReaderAnswer {
  readonly number: number
  readonly read?: Read
  /** Without a name where it is no fault of the body. */
  readonly failure?: { readonly fault?: FaultName; readonly message: string }
}

export interface Read extends Omit<Parsed, 'told'> {
  readonly count: number
  readonly events: PackedEvents
  readonly refusals: Parsed['told']['refusals']
  /** What stands in the places, where there was no room for it. */
  readonly grown?: Uint8Array<ArrayBuffer>
}

interface Work {
  readonly number: number
  readonly places: DevicePlaces
  /** What the places began in. */
  readonly lent: Buffer
  readonly parsing: Generator<void, Parsed>
}

/** A body that takes longer lets others go first. */
const sliceMs = 20

const { memory, settings } = workerData as ReaderData
const waiting: Work[] = []
let isScheduled = false

const ownMemory: Pick<Buffers, 'take' | 'giveBack'> = {
  take: (bytes) => Buffer.allocUnsafeSlow(bytes),
  giveBack: () => {},
}

const workOf = ({ number, body, places: { at, length }, arrival }: ReaderAsk): Work => {
  const lent = Buffer.from(memory, at, length)
  const places = new DevicePlaces(ownMemory, lent)
  const bytes = Buffer.from(memory, body.at, body.length)
  return { number, places, lent, parsing: parse(bytes, places, settings, arrival) }
}

const schedule = (): void => {
  if (isScheduled || waiting.length === 0) return
  isScheduled = true
  setImmediate(() => {
    isScheduled = false
    const work = waiting.shift()
    if (work !== undefined) readOn(work)
    schedule()
  })
}

const readOn = (work: Work): void => {
  const { number, parsing } = work
  const until = performance.now() + sliceMs
  try {
    let step = parsing.next()
    while (step.done !== true && performance.now() < until) step = parsing.next()
    if (step.done === true) answer(work, step.value)
    else waiting.push(work)
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    const failure = cause instanceof Fault ? { fault: cause.fault, message } : { message }
    parentPort?.postMessage({ number, failure } satisfies ReaderAnswer)
  }
}

const answer = ({ number, places, lent }: Work, { told, ...rest }: Parsed): void => {
  const { events, refusals } = told
  const packed = packEvents(events)
  const { buffer, length } = places.memory
  const isGrown = places.memory !== lent && buffer instanceof ArrayBuffer
  const grown = isGrown ? { grown: new Uint8Array(buffer, 0, length) } : {}
  const read: Read = { ...rest, ...grown, count: places.count, events: packed, refusals }
  const moved = [packed.kinds.buffer, packed.times.buffer, packed.msgIdLengths.buffer]
  parentPort?.postMessage(
    { number, read } satisfies ReaderAnswer,
    isGrown ? [...moved, buffer] : moved,
  )
}

/** One that is answered already is not there any more. */
const drop = (number: number): void => {
  const at = waiting.findIndex((work) => work.number === number)
  if (at < 0) return
  waiting.splice(at, 1)
  const failure = { message: 'it was dropped' }
  parentPort?.postMessage({ number, failure } satisfies ReaderAnswer)
}

parentPort?.on('message', (message: ReaderAsk | ReaderDrop) => {
  if ('drop' in message) return drop(message.drop)
  waiting.push(workOf(message))
  schedule()
})
