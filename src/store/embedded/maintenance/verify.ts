// Walks everything a directory holds and tells what is wrong with it: values that are not what was
// written, keys out of order or lost, and sense that does not add up, like a size that is not that of
// its set. Reads only. What it may not survive itself is for its caller to notice.
import type { AppRecord } from '../../../apps/app-table.ts'
import { type FactTable, factTable } from '../../../ledger/selection.ts'
import { userDaysKept } from '../../../ledger/store.ts'
import { CannotOpen } from '../../../ledger/store-error.ts'
import { unseal } from '../lmdb/bytes.ts'
import { type Environment, mustBeCurrent, openEnvironment } from '../lmdb/environment.ts'
import {
  appIdOfData,
  appIdOfRemoved,
  appRecords,
  behind,
  isRecordKey,
  type KeyRange,
  removedApps,
} from '../lmdb/key.ts'
import { mayLock, mayWrite } from '../lmdb/opening.ts'
import { openRecords, unsealRecord } from '../lmdb/records.ts'
import { found, nameOf, type Watch } from './finding.ts'
import { verifyApp } from './verify-app.ts'

export interface Verified {
  apps: number
  devices: number
  messages: number
  readonly values: number
  /** Of keys and values, without what LMDB adds. */
  readonly bytes: number
}

const entriesAtOnce = 1024
const everything: KeyRange = { start: Uint8Array.of(0), end: Uint8Array.of(0xff) }

/**
 * Beside a running server too: no snapshot outlives a few values, a sheet, or an app's devices. Needs no right to
 * write. Throws StoreError where the directory cannot be opened at all.
 */
export const verify = async (
  dir: string,
  nowMs: number,
  watch: Watch,
  mapBytes?: number,
  table: FactTable = factTable,
): Promise<Verified> => {
  const isReadOnly = !mayWrite(dir)
  const isUnlocked = isReadOnly && !mayLock(dir)
  const environment = mustBeCurrent(openEnvironment(dir, { mapBytes, isReadOnly, table }), dir)
  const before = statsOf(environment).lastTxnId
  try {
    const { values, bytes, owners } = readAll(environment, watch)
    const verified: Verified = { apps: 0, devices: 0, messages: 0, values, bytes }
    const { read, keysIn } = openRecords(environment)
    const removed = new Set(keysIn(removedApps).map(appIdOfRemoved))
    const apps = keysIn(appRecords).flatMap((key) =>
      found(watch, nameOf(key), () => read(key) as AppRecord),
    )
    const known = new Set([...apps.map(({ id }) => id), ...removed])
    for (const id of owners) {
      if (known.has(id)) continue
      // It may have been made or removed since the walk came by.
      environment.refresh()
      const isNow = keysIn(appRecords).some((key) => (read(key) as AppRecord).id === id)
      if (!isNow) watch.onFinding({ where: `app ${id}`, what: 'data of an app that there is not' })
    }
    for (const app of apps) {
      watch.onPlace(`app ${app.key}`)
      verified.apps += 1
      const of = verifyApp(
        environment,
        app,
        Math.floor(nowMs / 86_400_000) - userDaysKept + 2,
        watch,
      )
      verified.devices += of.devices
      verified.messages += of.messages
    }
    environment.refresh()
    if (isUnlocked && statsOf(environment).lastTxnId !== before) {
      throw new CannotOpen(
        `The ledger in ${dir} was written to while it was read, and this user may not write to its ` +
          'lock file, so nothing can be said of it. Run this as the owner of the files.',
      )
    }
    return verified
  } finally {
    await environment.close()
  }
}

export interface AllRead {
  readonly values: number
  /** Of keys and values, without what LMDB adds. */
  readonly bytes: number
  /** The numbers of apps that own any data. */
  readonly owners: ReadonlySet<number>
}

/** Every value by itself. */
export const readAll = (environment: Environment, watch: Watch): AllRead => {
  const { db } = environment
  const owners = new Set<number>()
  let values = 0
  let bytes = 0
  environment.refresh()
  const before = statsOf(environment)
  let last: Uint8Array | undefined
  for (;;) {
    environment.refresh()
    watch.onPlace(last === undefined ? 'the first key' : `what follows ${nameOf(last)}`)
    const start = last === undefined ? everything.start : behind(last)
    let count = 0
    for (const entry of db.getRange({ start, end: everything.end, limit: entriesAtOnce })) {
      const key = Uint8Array.from(entry.key as Uint8Array)
      const value = entry.value as Uint8Array
      count += 1
      values += 1
      bytes += key.length + value.length
      if (last !== undefined && Buffer.compare(last, key) >= 0) {
        watch.onFinding({ where: nameOf(key), what: 'a key out of order' })
        return { values, bytes, owners }
      }
      last = key
      found(watch, nameOf(key), () => checkValue(key, value))
      const owner = appIdOfData(key)
      if (owner !== undefined) owners.add(owner)
    }
    if (count === 0) break
  }
  environment.refresh()
  const after = statsOf(environment)
  // While nobody writes, as many must come by as there are.
  if (before.lastTxnId === after.lastTxnId && after.entryCount !== values) {
    const what = `${values} values can be reached, and ${after.entryCount} were kept`
    watch.onFinding({ where: 'the table', what })
  }
  return { values, bytes, owners }
}

const statsOf = ({ db }: Environment) =>
  db.getStats() as { readonly entryCount: number; readonly lastTxnId: number }

const checkValue = (key: Uint8Array, value: Uint8Array): void => {
  const isRecord = isRecordKey(key)
  if (isRecord === undefined) throw new Error('a key of no kind that there is')
  if (isRecord) unsealRecord(key, value)
  else unseal(key, value)
}
