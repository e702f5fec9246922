// What a directory holds beyond what reports ask for, for whoever takes everything elsewhere: the devices
// of an app with their registrations, who came in which hours, and the pushes of groups.
import type { GroupPush } from '../../../apps/group.ts'
import { PLATFORMS, type Platform } from '../../../ledger/channel.ts'
import type { Day } from '../../../ledger/day.ts'
import type { GroupMsgId, MsgId, RegistrationId } from '../../../ledger/ids.ts'
import { readHeader } from '../device-set/header.ts'
import { countDevices, openDeviceIds } from '../devices/block.ts'
import { blockDevices } from '../devices/id-block.ts'
import { momentOf, platformOf, readRegistrations } from '../devices/registrations.ts'
import { readLeaf } from '../leaf/codec.ts'
import { ByteReader, Damage } from '../lmdb/bytes.ts'
import type { Environment } from '../lmdb/environment.ts'
import {
  behind,
  groupIdOfPush,
  groupPushes,
  type KeyRange,
  leafKey,
  METRICS,
  type Metric,
  registrationsKey,
  scaleOfKey,
  userSheetHeaders,
} from '../lmdb/key.ts'
import { openRecords } from '../lmdb/records.ts'
import { daySheets } from '../states/selections.ts'
import { cellOfCode, StateTable } from '../states/state-table.ts'

export interface HeldDevice {
  readonly device: RegistrationId
  readonly registration: { readonly platform: Platform; readonly atMs: number } | undefined
}

/** Devices that came on a day, and in which of its hours, a bit each. */
export interface Visits {
  readonly day: Day
  readonly platform: Platform
  readonly metric: Metric
  readonly devices: readonly { readonly device: RegistrationId; readonly hours: number }[]
}

export interface HeldPush extends GroupPush {
  readonly groupId: number
  readonly id: GroupMsgId
}

export interface Contents {
  /** Some thousand at a time. */
  devices(appId: number): Generator<readonly HeldDevice[]>
  visits(appId: number): Generator<Visits>
  pushes(): Generator<HeldPush>
}

export const openContents = (environment: Environment): Contents => ({
  *devices(appId) {
    environment.refresh()
    const count = countDevices(environment, appId)
    for (let from = 0; from < count; from += blockDevices) {
      environment.refresh()
      const body = environment.read(registrationsKey(appId, from / blockDevices))
      const registrations = body && readRegistrations(Uint8Array.from(body))
      const idOf = openDeviceIds(environment, appId)
      yield Array.from({ length: Math.min(blockDevices, count - from) }, (_, i): HeldDevice => {
        const registration = registrations?.[i] ?? 0
        const platform = PLATFORMS[platformOf(registration)]
        return {
          device: idOf(from + i),
          registration:
            registration === 0 || platform === undefined
              ? undefined
              : { platform, atMs: momentOf(registration) },
        }
      })
    }
  },
  *visits(appId) {
    for (const key of keysOf(environment, userSheetHeaders(appId))) {
      if (scaleOfKey(key) === 'DAY') yield* visitsUnder(environment, appId, key)
    }
  },
  *pushes() {
    const { read } = openRecords(environment)
    for (const key of keysOf(environment, groupPushes)) {
      const record = read(key) as
        | { parts: readonly [number, MsgId][]; toldAtMs: number }
        | undefined
      if (record === undefined) continue
      const id = Buffer.from(key.subarray(pushIdAt)).toString() as GroupMsgId
      const { parts, toldAtMs } = record
      yield { groupId: groupIdOfPush(key), id, parts: new Map(parts), toldAtMs }
    }
  },
})

const keysAtOnce = 512
// In the keys of pushes and of sheets of users.
const pushIdAt = 5
const [dayAt, platformAt, metricAt] = [7, 11, 12]

function* keysOf(environment: Environment, range: KeyRange): Generator<Uint8Array> {
  let start: Uint8Array | undefined = range.start
  while (start !== undefined) {
    environment.refresh()
    const found: readonly Uint8Array[] = environment.keysIn({ start, end: range.end }, keysAtOnce)
    const keys = found.map((key) => Uint8Array.from(key))
    yield* keys
    const last: Uint8Array | undefined = keys.at(-1)
    start = last && behind(last)
  }
}

/** A leaf at a time. */
function* visitsUnder(environment: Environment, appId: number, key: Uint8Array): Generator<Visits> {
  environment.refresh()
  const body = environment.read(key)
  const platform = PLATFORMS[key[platformAt] ?? 0]
  const metric = METRICS[key[metricAt] ?? 0]
  if (body === undefined || platform === undefined || metric === undefined) return
  const day = new DataView(key.buffer, key.byteOffset).getUint32(dayAt)
  const { leafStarts, rest } = readHeader(Uint8Array.from(body), daySheets)
  const leaves = leafStarts.length === 0 ? [undefined] : leafStarts
  for (const start of leaves) {
    environment.refresh()
    const leaf = start === undefined ? undefined : environment.read(leafKey(key, start))
    if (start !== undefined && leaf === undefined)
      throw new Damage('a leaf that its header names is missing')
    const reader = leaf === undefined ? rest : new ByteReader(Uint8Array.from(leaf))
    const table = new StateTable(() => [])
    const { ordinals, states, length } = readLeaf(reader, table, start ?? 0)
    const idOf = openDeviceIds(environment, appId)
    const devices = Array.from({ length }, (_, i) => ({
      device: idOf(ordinals[i] ?? 0),
      hours: table.factsOf(states[i] ?? 0).reduce((bits, code) => bits + 2 ** cellOfCode(code), 0),
    }))
    yield { day, platform, metric, devices }
  }
}
