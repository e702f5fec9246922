// Grouped bodies made one at a time, for worlds too large to stand ready: each of ten lines of a
// thousand devices.
import { requestOf } from '../wire/connection.ts'
import { deviceId } from './device.ts'

const lineDevices = 1_000
const bodyLines = 10

export interface Told {
  /** The members of a line before its devices, without braces. */
  readonly members: string
  readonly atMs: number
  readonly devices: number
  /** The device told i-th. */
  readonly device: (i: number) => number
}

export interface Body {
  readonly request: Buffer
  readonly facts: number
}

/** The members of a line about a message. */
export const about = (type: string, msg: bigint, channel: string): string =>
  `"type":"${type}","msg_id":${msg},"platform":"android","channel":"${channel}"`

function* linesOf({
  members,
  atMs,
  devices,
  device,
}: Told): Generator<{ line: string; facts: number }> {
  for (let from = 0; from < devices; from += lineDevices) {
    const facts = Math.min(lineDevices, devices - from)
    const ids = Array.from({ length: facts }, (_, i) => deviceId(device(from + i)))
    yield { line: `{${members},"registration_ids":["${ids.join('","')}"],"time":${atMs}}`, facts }
  }
}

export function* bodiesOf(authorization: string, all: Iterable<Told>): Generator<Body> {
  let lines: string[] = []
  let facts = 0
  const body = (): Body => {
    const bytes = Buffer.from(lines.join('\n'), 'latin1')
    const made = { request: requestOf('/v1/events', authorization, bytes), facts }
    lines = []
    facts = 0
    return made
  }
  for (const told of all) {
    for (const line of linesOf(told)) {
      lines.push(line.line)
      facts += line.facts
      if (lines.length === bodyLines) yield body()
    }
  }
  if (lines.length > 0) yield body()
}
