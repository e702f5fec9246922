// From facts that a reader of a test understands to what a body tells, without the parser of bodies.
import {
  type Channel,
  cellOf,
  DEFAULT_CHANNEL,
  type Kind,
  type Platform,
  type Stage,
} from '../../src/ledger/channel.ts'
import {
  type DeviceEventType,
  deviceListOf,
  type Told,
  type ToldEvent,
} from '../../src/ledger/event-batch.ts'
import {
  type MsgId,
  parseMsgId,
  parseRegistrationId,
  type RegistrationId,
} from '../../src/ledger/ids.ts'

export interface MessageLine {
  readonly msgId: MsgId
  readonly platform: Platform
  /** As at the door: `jpush` for messages, else the platform's own. */
  readonly channel?: Channel
  readonly kind?: Kind
  readonly stage: Stage
  readonly atMs: number
  readonly devices: readonly RegistrationId[]
}

export interface DeviceLine {
  readonly about: DeviceEventType
  readonly platform: Platform
  readonly atMs: number
  readonly devices: readonly RegistrationId[]
}

export type Line = MessageLine | DeviceLine

export const msgId = (id: string | number | bigint): MsgId => {
  const parsed = parseMsgId(String(id))
  if (parsed === undefined) throw new Error(`${id} is no msg_id`)
  return parsed
}

export const device = (id: string): RegistrationId => {
  const parsed = parseRegistrationId(id)
  if (parsed === undefined) throw new Error(`${JSON.stringify(id)} is no registration_id`)
  return parsed
}

/** `prefix-0`, `prefix-1`, … */
export const devices = (count: number, prefix = 'device'): RegistrationId[] =>
  Array.from({ length: count }, (_, i) => device(`${prefix}-${i}`))

/** One body. */
export const told = (...lines: readonly Line[]): Told => {
  const ids: RegistrationId[] = []
  const numbers: number[] = []
  const events = lines.map((line, number) => {
    for (const id of line.devices) {
      ids.push(id)
      numbers.push(number)
    }
    return toldEvent(line)
  })
  return { devices: deviceListOf(ids), eventOf: Uint32Array.from(numbers), events }
}

const toldEvent = (line: Line): ToldEvent => {
  const { platform, atMs } = line
  if ('about' in line) return { about: line.about, platform, atMs }
  const kind = line.kind ?? (line.channel === 'jpush' && platform === 'ios' ? 'message' : undefined)
  const channel = line.channel ?? (kind === 'message' ? 'jpush' : DEFAULT_CHANNEL[platform])
  const cell = cellOf(platform, channel, kind ?? 'notification', line.stage)
  if (cell === undefined) throw new Error(`no such cell: ${platform} ${channel} ${kind}`)
  return { about: 'message', msgId: line.msgId, cell, atMs }
}

/** The same, in memory that threads share. */
export const shared = (body: Told): Told => {
  const { bytes, starts, lengths } = body.devices
  const devices = {
    bytes: new Uint8Array(new SharedArrayBuffer(bytes.byteLength)),
    starts: new Uint32Array(new SharedArrayBuffer(starts.byteLength)),
    lengths: new Uint16Array(new SharedArrayBuffer(lengths.byteLength)),
  }
  devices.bytes.set(bytes)
  devices.starts.set(starts)
  devices.lengths.set(lengths)
  return { ...body, devices }
}

/** The same facts as lines of at most `size` devices. */
export const inLinesOf = (size: number, line: Line): Line[] => {
  const lines: Line[] = []
  for (let from = 0; from < line.devices.length; from += size) {
    lines.push({ ...line, devices: line.devices.slice(from, from + size) })
  }
  return lines
}
