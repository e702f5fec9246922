// The ids of devices by their ordinals, read from the blocks on disk: for walks, which meet ordinals in
// rising order and must not need memory for all devices of an app.
import type { RegistrationId } from '../../../ledger/ids.ts'
import { ByteReader, Damage } from '../lmdb/bytes.ts'
import type { Environment } from '../lmdb/environment.ts'
import { deviceBlocks, devicesKey, ordinalOfKey } from '../lmdb/key.ts'
import { readIds } from './id-block.ts'

/** Within one snapshot; throws Damage where there is no such device. */
export const openDeviceIds = (
  environment: Environment,
  appId: number,
): ((ordinal: number) => RegistrationId) => {
  let first = 0
  let ids: readonly RegistrationId[] = []
  return (ordinal) => {
    if (ordinal < first || ordinal >= first + ids.length) {
      const { start } = deviceBlocks(appId)
      const key = environment.lastKeyIn({ start, end: devicesKey(appId, ordinal + 1) })
      const body = key && environment.read(key)
      if (key === undefined || body === undefined) throw new Damage('a block of devices is missing')
      first = ordinalOfKey(key)
      ids = idsOf(body)
    }
    const id = ids[ordinal - first]
    if (id === undefined) throw new Damage('a device has no id')
    return id
  }
}

const idsOf = (body: Uint8Array): readonly RegistrationId[] => {
  const { starts, lengths, count } = readIds(body)
  const text = Buffer.from(body.buffer, body.byteOffset, body.length)
  return Array.from({ length: count }, (_, i) => {
    const start = starts[i] as number
    return text.toString('utf8', start, start + (lengths[i] as number)) as RegistrationId
  })
}

/** Throws Damage unless a block holds as many ids as it says, and none that is empty. */
export const checkBlock = (body: Uint8Array): void => {
  const { lengths, count } = readIds(body)
  if (lengths.subarray(0, count).includes(0)) throw new Damage('a block of devices has an empty id')
}

/** How many devices an app has: one more than the highest ordinal. */
export const countDevices = (environment: Environment, appId: number): number => {
  const last = environment.lastKeyIn(deviceBlocks(appId))
  const body = last && environment.read(last)
  if (last === undefined || body === undefined) return 0
  return ordinalOfKey(last) + new ByteReader(body).varint()
}
