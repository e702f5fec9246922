// What a gateway tells, once parsed and placed in time: events about many devices each. The ids of
// one body stay bytes in one buffer, because turning a million of them into strings costs more than
// keeping them. Nothing here knows what is held already.
import type { Cell, Platform } from './channel.ts'
import type { MsgId, RegistrationId } from './ids.ts'
import type { Refusals } from './ingest-history.ts'

/** Registration ids as bytes of UTF-8: id i is `bytes[starts[i] … starts[i] + lengths[i])`. */
export interface DeviceList {
  readonly bytes: Uint8Array
  readonly starts: Uint32Array
  readonly lengths: Uint16Array
}

/** Devices have reached a cell of this message at `atMs`. */
export interface MessageEvent {
  readonly about: 'message'
  readonly msgId: MsgId
  readonly cell: Cell
  readonly atMs: number
}

export const DEVICE_EVENTS = ['register', 'online', 'active'] as const
export type DeviceEventType = (typeof DEVICE_EVENTS)[number]

/** Devices registered, were online or were active at `atMs`. */
export interface DeviceEvent {
  readonly about: DeviceEventType
  readonly platform: Platform
  readonly atMs: number
}

export type ToldEvent = MessageEvent | DeviceEvent

/** Everything that one body tells: each place of the list of devices is a fact, in the order told. */
export interface Told {
  readonly devices: DeviceList
  /** By place, the number of the event of which the device there is told. */
  readonly eventOf: Uint32Array
  /** One may be listed more than once. */
  readonly events: readonly ToldEvent[]
  /** What else the body held, and was refused. */
  readonly refusals?: Refusals | undefined
}

/** The number of facts told: a device that is told twice of an event counts twice. */
export const factsIn = ({ eventOf }: Told): number => eventOf.length

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

// In no id, because control characters are in none.
const between = 0x0a

/** A list of ids from text, for callers that hold few. */
export const deviceListOf = (ids: readonly RegistrationId[]): DeviceList => {
  const bytes = encoder.encode(ids.join(String.fromCharCode(between)))
  const starts = new Uint32Array(ids.length)
  const lengths = new Uint16Array(ids.length)
  let start = 0
  for (let i = 0; i < ids.length; i++) {
    let end = start
    while (end < bytes.length && bytes[end] !== between) end++
    starts[i] = start
    lengths[i] = end - start
    start = end + 1
  }
  return { bytes, starts, lengths }
}

/** Device i of a list as text. */
export const deviceAt = (devices: DeviceList, i: number): RegistrationId => {
  const start = devices.starts[i] ?? 0
  const end = start + (devices.lengths[i] ?? 0)
  return decoder.decode(devices.bytes.subarray(start, end)) as RegistrationId
}
