// Opens the store of a server. Its reports go to the log, and an upgrade to the audit log too.
import { resolve } from 'node:path'
import { appendAuditLine, auditFiles } from '../audit/audit-file.ts'
import { ownLineOf } from '../audit/audit-line.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Log } from '../runtime/log.ts'
import { type Address, nameOf } from '../store/clickhouse/address.ts'
import { type LedgerSettings, type OpenedLedger, openLedger } from '../store/open.ts'

export interface StoreSettings {
  readonly data: string
  readonly store?: Address | null
  /** The largest size that the directory's file can reach. */
  readonly mapBytes?: number
  readonly keepDays: number
}

/** The directory of the audit log; undefined if the ledger is in a database. */
export const auditDirOf = ({ data, store = null }: StoreSettings): string | undefined =>
  store === null ? data : undefined

/** The location of the ledger for people, without credentials. */
export const placeOf = ({ data, store = null }: StoreSettings, format: number | undefined) =>
  store === null ? { data: resolve(data), format } : { store: nameOf(store) }

export const openAuditedStore = async (
  { data: dir, store: address = null, mapBytes, keepDays }: StoreSettings,
  told: Pick<LedgerSettings, 'onBroken' | 'onCommit'>,
  clock: Clock,
  log: Log,
): Promise<OpenedLedger> => {
  let upgraded: number | undefined
  const onUpgrade = (messages: number): void => {
    upgraded = messages
    log.info({ messages }, 'the ledger of an older version is brought up to date')
  }
  const logged = { ...loggedTo(log), onUpgrade }
  const store = await openLedger({ dir, address, mapBytes, keepDays, ...told, ...logged })
  if (upgraded !== undefined) {
    const did = { action: 'upgrade', target: { messages: upgraded }, outcome: 'done' } as const
    await appendAuditLine(dir, auditFiles.verbs, ownLineOf(did, clock())).catch((error) =>
      log.error({ err: error, file: auditFiles.verbs }, 'the audit log cannot be written'),
    )
  }
  return store
}

const loggedTo = (log: Log) => ({
  onDamage: (damage: Error) => log.error({ err: damage }, 'something stored is damaged'),
  onLookUpEnded: (cause: Error) =>
    log.error({ err: cause }, 'devices are looked up on the main thread from now on'),
})
