// The ids of devices by their ordinals, read from the blocks on disk: for walks, which meet ordinals in
// rising order and must not need memory for all devices of an app.
import type { RegistrationId } from '../../ledger/ids.ts'
import { ByteReader, Damage } from './bytes.ts'
import { blockDevices } from './device-table.ts'
import type { Environment } from './environment.ts'
import { blockOfKey, deviceBlocks, devicesKey } from './key.ts'

/** Within one snapshot; throws Damage where there is no such device. */
export const openDeviceIds = (
  environment: Environment,
  appId: number,
): ((ordinal: number) => RegistrationId) => {
  let block = -1
  let ids: readonly RegistrationId[] = []
  return (ordinal) => {
    const needed = Math.floor(ordinal / blockDevices)
    if (needed !== block) {
      const body = environment.read(devicesKey(appId, needed))
      if (body === undefined) throw new Damage('a block of devices is missing')
      ids = readIds(body)
      block = needed
    }
    const id = ids[ordinal % blockDevices]
    if (id === undefined) throw new Damage('a device has no id')
    return id
  }
}

const readIds = (body: Uint8Array): readonly RegistrationId[] => {
  const reader = new ByteReader(body)
  const lengths = Array.from({ length: reader.varint() }, () => reader.byte())
  const text = Buffer.from(body.buffer, body.byteOffset, body.length)
  let at = reader.at
  const ids = lengths.map((length) => {
    const start = at
    at += length
    if (at > body.length) throw new Damage('a block of devices ends too early')
    return text.toString('utf8', start, at) as RegistrationId
  })
  if (at < body.length) throw new Damage('a block of devices has bytes of no device')
  return ids
}

/** Throws Damage unless a block holds as many ids as it says, and none that is empty. */
export const checkBlock = (body: Uint8Array): void => {
  const ids = readIds(body)
  if (ids.length === 0 || ids.includes('' as RegistrationId)) {
    throw new Damage('a block of devices has an empty id, or none')
  }
}

/** How many devices an app has: one more than the highest ordinal. */
export const countDevices = (environment: Environment, appId: number): number => {
  const last = environment.lastKeyIn(deviceBlocks(appId))
  const body = last && environment.read(last)
  if (last === undefined || body === undefined) return 0
  return blockOfKey(last) * blockDevices + new ByteReader(body).varint()
}
