// The ids of an app, from the blocks of format 1 and 2 to those of format 3: a block had a number and any
// bytes, and has its first ordinal and bounded bytes. What is left of the older kind is still to be moved.

import { blockBytesMax, blockDevices, readIds, writeIds } from '../devices/id-block.ts'
import { ByteWriter, Damage } from '../lmdb/bytes.ts'
import type { Environment } from '../lmdb/environment.ts'
import { blockOfKey, devicesKey, olderDeviceBlocks } from '../lmdb/key.ts'
import { eachWrite, WriteSet } from '../lmdb/write-batch.ts'

const blocksACommit = 64
const block = new ByteWriter()

export const moveBlocks = async (environment: Environment, appId: number): Promise<void> => {
  for (;;) {
    environment.refresh()
    const keys = environment.keysIn(olderDeviceBlocks(appId), blocksACommit)
    if (keys.length === 0) return
    const out = new WriteSet()
    for (const key of keys) moveBlock(environment, appId, key, out)
    environment.change(() =>
      eachWrite(out.cut(), (at, value) => {
        if (value === undefined) environment.db.removeSync(at)
        else environment.db.putSync(at, Buffer.from(value))
      }),
    )
    // The event loop gets its turn, for signals.
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** One that cannot be read is missing from now on, which is found whenever it is needed. */
const moveBlock = (
  environment: Environment,
  appId: number,
  key: Uint8Array,
  out: WriteSet,
): void => {
  out.remove(key)
  let ordinal = blockOfKey(key) * blockDevices
  for (const ids of piecesOf(environment, key)) {
    block.reset()
    writeIds(block, ids)
    out.put(devicesKey(appId, ordinal), block.written())
    ordinal += ids.length
  }
}

const piecesOf = (
  environment: Environment,
  key: Uint8Array,
): readonly (readonly Uint8Array[])[] => {
  const pieces: Uint8Array[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const id of idsIn(environment, key)) {
    bytes += id.length
    if (bytes > blockBytesMax) {
      pieces.push([])
      bytes = id.length
    }
    pieces.at(-1)?.push(id)
  }
  return pieces
}

const idsIn = (environment: Environment, key: Uint8Array): readonly Uint8Array[] => {
  try {
    const body = Uint8Array.from(environment.read(key) ?? [])
    // No id of format 1 and 2 is long: their blocks are read alike.
    const { starts, lengths, count } = readIds(body)
    return Array.from({ length: count }, (_, i) => {
      const start = starts[i] as number
      return body.subarray(start, start + (lengths[i] as number))
    })
  } catch (damage) {
    if (damage instanceof Damage) return []
    throw damage
  }
}
