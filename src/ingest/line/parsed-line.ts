// The raw event: what both readers of a line, the fast scanner and the slow parser, make of it,
// before any rule but those of the single values is applied. One object is used again for every
// line, and ids are places in the body, so that a line costs no allocation here.
import type { Buffer } from 'node:buffer'
import type { Told } from '../../ledger/event-batch.ts'
import { type MsgId, registrationIdBytesMax } from '../../ledger/ids.ts'
import type { Buffers } from '../../runtime/buffer-pool.ts'
import { leftOut, type Word } from './keyword.ts'

/** The members of one value, but for the ids. */
export const SINGLES = ['type', 'platform', 'channel', 'kind', 'msgId', 'time'] as const
export type Single = (typeof SINGLES)[number]

/** The values of the known members. A member that is absent or JSON null is left out, or undefined. */
export class RawEvent {
  type: Word = leftOut
  platform: Word = leftOut
  channel: Word = leftOut
  kind: Word = leftOut
  /** `''`: there is a value, but it is no message id. */
  msgId: MsgId | '' | undefined = undefined
  /** Epoch milliseconds; NaN: there is a value, but it is no time. */
  time: number | undefined = undefined
  /** What is wrong with the line's ids, as a sentence; the good ones were added to the devices. */
  idFault: string | undefined = undefined
  // Where values stand, for who remembers a line; 0 where none does.
  readonly #starts = new Uint32Array(SINGLES.length)
  readonly #ends = new Uint32Array(SINGLES.length)

  clear(): void {
    this.type = leftOut
    this.platform = leftOut
    this.channel = leftOut
    this.kind = leftOut
    this.msgId = undefined
    this.time = undefined
    this.idFault = undefined
    this.#starts.fill(0)
    this.#ends.fill(0)
  }

  /** Notes where a value stands, which may stand there otherwise in the next line. */
  mark(member: Single, start: number, end: number): void {
    const place = SINGLES.indexOf(member)
    this.#starts[place] = start
    this.#ends[place] = end
  }

  /** The values alone. */
  copy(): RawEvent {
    const { type, platform, channel, kind, msgId, time, idFault } = this
    return Object.assign(new RawEvent(), { type, platform, channel, kind, msgId, time, idFault })
  }

  marked(): readonly { readonly of: Single; readonly start: number; readonly end: number }[] {
    return SINGLES.map((of, place) => ({
      of,
      start: this.#starts[place] ?? 0,
      end: this.#ends[place] ?? 0,
    })).filter(({ end }) => end > 0)
  }
}

const registrationIdRule = `text of 1 to ${registrationIdBytesMax} bytes of UTF-8 without control characters`

export const idFaults = {
  missing: 'registration_id or registration_ids must be given',
  both: 'registration_id and registration_ids must not both be given',
  id: `registration_id must be ${registrationIdRule}`,
  list: 'registration_ids must be an array of at least one registration id',
  listed: `each of registration_ids must be ${registrationIdRule}`,
} as const

const bytesPerPlace = 10
const placesMin = 64

type Lender = Pick<Buffers, 'take' | 'giveBack'>

/** What so many places need. */
export const bytesForPlaces = (places: number): number =>
  Math.max(placesMin, places) * bytesPerPlace

/** Places of ids in the body, and what is told of them, in columns that double as they fill. */
export class DevicePlaces {
  count = 0
  readonly #buffers: Lender
  #memory!: Buffer
  #starts!: Uint32Array
  #events!: Uint32Array
  #lengths!: Uint16Array

  /** The memory is of these buffers, where more is taken from, and all goes back to. */
  constructor(buffers: Lender, memory: Buffer) {
    this.#buffers = buffers
    this.#lay(memory)
  }

  /** In which the columns stand now. */
  get memory(): Buffer {
    return this.#memory
  }

  /** Nothing that it gave may be used afterwards. */
  release(): void {
    this.#buffers.giveBack(this.#memory)
  }

  /** Goes on from what another thread wrote: into its own memory, or into other that is laid out alike. */
  adopt(count: number, memory: Buffer = this.#memory): void {
    if (memory !== this.#memory) {
      this.release()
      this.#lay(memory)
    }
    this.count = count
  }

  add(start: number, length: number): void {
    const at = this.count
    if (at === this.#starts.length) this.#grow()
    this.#starts[at] = start
    this.#lengths[at] = length
    this.count = at + 1
  }

  /** Of the ids from a place on, the event is told. */
  tell(from: number, event: number): void {
    for (let at = from; at < this.count; at++) this.#events[at] = event
  }

  /** Where the id that was added last stands. */
  get lastStart(): number {
    return this.#starts[this.count - 1] ?? 0
  }

  get lastEnd(): number {
    return this.lastStart + (this.#lengths[this.count - 1] ?? 0)
  }

  /** The list of ids over the body in which they stand. */
  over(bytes: Uint8Array): Pick<Told, 'devices' | 'eventOf'> {
    const starts = this.#starts.subarray(0, this.count)
    const lengths = this.#lengths.subarray(0, this.count)
    return { devices: { bytes, starts, lengths }, eventOf: this.#events.subarray(0, this.count) }
  }

  #grow(): void {
    const [memory, starts, lengths, events] = [
      this.#memory,
      this.#starts,
      this.#lengths,
      this.#events,
    ]
    this.#lay(this.#buffers.take(bytesForPlaces(starts.length * 2)))
    this.#starts.set(starts)
    this.#lengths.set(lengths)
    this.#events.set(events)
    this.#buffers.giveBack(memory)
  }

  #lay(memory: Buffer): void {
    const places = Math.floor(memory.length / bytesPerPlace)
    const { buffer, byteOffset } = memory
    this.#memory = memory
    this.#starts = new Uint32Array(buffer, byteOffset, places)
    this.#events = new Uint32Array(buffer, byteOffset + 4 * places, places)
    this.#lengths = new Uint16Array(buffer, byteOffset + 8 * places, places)
  }
}
