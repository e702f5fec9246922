// The raw event: what both readers of a line, the fast scanner and the slow parser, make of it,
// before any rule but those of the single values is applied. One object is used again for every
// line, and ids are places in the body, so that a line costs no allocation here.
import type { DeviceList } from '../ledger/fact.ts'
import type { MsgId } from '../ledger/ids.ts'

/**
 * The values of the known members. A member that is absent or JSON null is undefined; one that is
 * not text where text is due stands as `''`, which no rule admits.
 */
export interface RawEvent {
  type: string | undefined
  platform: string | undefined
  channel: string | undefined
  kind: string | undefined
  /** `''`: there is a value, but it is no message id. */
  msgId: MsgId | '' | undefined
  /** Epoch milliseconds; NaN: there is a value, but it is no time. */
  time: number | undefined
  /** Where the message id and the time stand, for who remembers a line; 0 where they are left out. */
  msgIdStart: number
  msgIdEnd: number
  timeStart: number
  timeEnd: number
  /** What is wrong with the line's ids, as a sentence; the good ones were added to the devices. */
  idFault: string | undefined
}

export const emptyRawEvent = (): RawEvent => ({
  type: undefined,
  platform: undefined,
  channel: undefined,
  kind: undefined,
  msgId: undefined,
  time: undefined,
  msgIdStart: 0,
  msgIdEnd: 0,
  timeStart: 0,
  timeEnd: 0,
  idFault: undefined,
})

export const clearRawEvent = (raw: RawEvent): void => {
  raw.type = undefined
  raw.platform = undefined
  raw.channel = undefined
  raw.kind = undefined
  raw.msgId = undefined
  raw.time = undefined
  raw.msgIdStart = 0
  raw.msgIdEnd = 0
  raw.timeStart = 0
  raw.timeEnd = 0
  raw.idFault = undefined
}

export const idFaults = {
  missing: 'registration_id or registration_ids must be given',
  both: 'registration_id and registration_ids must not both be given',
  id: 'registration_id must be text of 1 to 128 bytes of UTF-8 without control characters',
  list: 'registration_ids must be an array of at least one registration id',
  listed:
    'each of registration_ids must be text of 1 to 128 bytes of UTF-8 without control characters',
} as const

/** Places of ids in the body, in columns that double as they fill. */
export class DevicePlaces {
  count = 0
  #starts = new Uint32Array(64)
  #lengths = new Uint8Array(64)

  add(start: number, length: number): void {
    const at = this.count
    if (at === this.#starts.length) this.#grow()
    this.#starts[at] = start
    this.#lengths[at] = length
    this.count = at + 1
  }

  /** Where the id that was added last stands. */
  get lastStart(): number {
    return this.#starts[this.count - 1] ?? 0
  }

  get lastEnd(): number {
    return this.lastStart + (this.#lengths[this.count - 1] ?? 0)
  }

  /** The list of ids over the body in which they stand. */
  over(bytes: Uint8Array): DeviceList {
    return {
      bytes,
      starts: this.#starts.subarray(0, this.count),
      lengths: this.#lengths.subarray(0, this.count),
    }
  }

  #grow(): void {
    const starts = new Uint32Array(this.#starts.length * 2)
    const lengths = new Uint8Array(starts.length)
    starts.set(this.#starts)
    lengths.set(this.#lengths)
    this.#starts = starts
    this.#lengths = lengths
  }
}
