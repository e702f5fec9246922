// The table of apps in the same file as the ledger. Every change is a transaction of its own, so a
// verb of the command line may change it beside a running server, which sees it at its next look.
import type { AppRecord, AppTable } from '../../../apps/app-table.ts'
import type { AppKey } from '../../../ledger/ids.ts'
import type { Environment } from '../lmdb/environment.ts'
import {
  appIdOfRemoved,
  appRecordKey,
  appRecords,
  metaKey,
  removedAppKey,
  removedApps,
} from '../lmdb/key.ts'
import { openRecords } from '../lmdb/records.ts'
import { removeTokensOf } from './tokens.ts'

// What stands under a removed app's number: whether its data may still be there. The entry itself
// stays for good, so that an append which was on its way can never write into a removed app.
const toBeSwept = 1
const swept = 0
// Records of so many apps are kept as they were read last, to be told from changed ones by their bytes.
const keptMax = 10_000

interface Kept {
  readonly place: Uint8Array
  readonly body: Buffer
  readonly record: AppRecord
}

export const openEmbeddedApps = (environment: Environment): AppTable => {
  const { db } = environment
  const { read, write, keysIn } = openRecords(environment)
  const find = (key: AppKey): AppRecord | undefined =>
    read(appRecordKey(key)) as AppRecord | undefined

  const kept = new Map<AppKey, Kept>()
  /** The same object as long as it is the same record. */
  const findAgain = (key: AppKey): AppRecord | undefined => {
    const known = kept.get(key)
    const place = known?.place ?? appRecordKey(key)
    const body = environment.read(place)
    if (body === undefined) {
      kept.delete(key)
      return undefined
    }
    if (known?.body.equals(body)) return known.record
    const own = Buffer.from(body)
    const record = JSON.parse(own.toString()) as AppRecord
    if (kept.size >= keptMax) kept.clear()
    // Not by the given key, which may be a piece of a long header.
    kept.set(record.key, { place, body: own, record })
    return record
  }

  return {
    async find(key) {
      environment.refresh()
      return findAgain(key)
    },
    async list() {
      environment.refresh()
      const records = keysIn(appRecords).map((key) => read(key) as AppRecord)
      return records.sort((a, b) => a.id - b.id)
    },
    create: async (app) =>
      environment.change(() => {
        if (find(app.key) !== undefined) return undefined
        const id = ((read(metaKey('lastAppId')) as number | undefined) ?? 0) + 1
        const record: AppRecord = { ...app, id }
        write(metaKey('lastAppId'), id)
        write(appRecordKey(app.key), record)
        return record
      }),
    change: async (key, change) =>
      environment.change(() => {
        const record = find(key)
        if (record === undefined) return undefined
        const changed: AppRecord = { ...change(record), id: record.id, key }
        write(appRecordKey(key), changed)
        return changed
      }),
    remove: async (key) =>
      environment.change(() => {
        const record = find(key)
        if (record === undefined) return undefined
        db.removeSync(appRecordKey(key))
        removeTokensOf(environment, record.id)
        write(removedAppKey(record.id), toBeSwept)
        return record
      }),
    async removed() {
      environment.refresh()
      return keysIn(removedApps)
        .filter((key) => read(key) === toBeSwept)
        .map(appIdOfRemoved)
    },
    forget: async (id) => {
      const key = removedAppKey(id)
      await environment.changeLater(() => write(key, swept))
    },
  }
}
