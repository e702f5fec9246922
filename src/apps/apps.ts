// Who may ask: makes and changes apps in an engine's table and knows an app by its credentials. Keeps
// nothing of its own but opened time zones, so that a change made by another process counts at once.
import { openZones, type Zone } from '../ledger/day.ts'
import { type AppKey, parseAppKey } from '../ledger/ids.ts'
import type { App } from '../ledger/store.ts'
import type { AppRecord, AppTable } from './app-table.ts'
import { isName } from './name.ts'
import {
  type HashedSecret,
  hashSecret,
  isSameText,
  isSecret,
  mintKey,
  mintSecret,
  type Random,
  type Secret,
} from './secret.ts'
import type { TimeZone } from './time-zone.ts'

export { parseTimeZone, type TimeZone } from './time-zone.ts'

export interface NewApp {
  readonly name: AppName
  /** Existing credentials to keep; minted where left out. */
  readonly key?: AppKey | undefined
  readonly secret?: Secret | undefined
  readonly vip: boolean
  readonly timeZone: TimeZone
}

/** 1–100 characters without control characters. */
export type AppName = string & { readonly appName: true }

/** The only moment in which a secret is known. */
export interface Issued {
  readonly record: AppRecord
  readonly secret: Secret
}

/** An app whose credentials have been proven. */
export interface Caller {
  readonly app: App
  readonly record: AppRecord
}

export interface Apps {
  /** Undefined when the key is taken. */
  create(app: NewApp): Promise<Issued | undefined>
  list(): Promise<readonly AppRecord[]>
  show(key: AppKey): Promise<AppRecord | undefined>
  set(key: AppKey, change: { readonly vip: boolean }): Promise<AppRecord | undefined>
  /** A fresh secret; the old one ends at once. */
  rotate(key: AppKey): Promise<Issued | undefined>
  remove(key: AppKey): Promise<AppRecord | undefined>
  /** Does the same work for an unknown key as for a wrong secret. */
  authenticate(key: string, secret: string): Promise<Caller | undefined>
  zoneOf(timeZone: string): Zone
  /** The app of a record, as engines know it. */
  open(record: AppRecord): App
}

export const parseAppName = (text: string): AppName | undefined =>
  isName(text) ? (text as AppName) : undefined

export const openApps = (table: AppTable, random: Random, clock: () => number): Apps => {
  const zoneOf = openZones()
  const open: Apps['open'] = ({ id, timeZone }) => ({ id, zone: zoneOf(timeZone) })
  const nobodysSecret = mintSecret(random)
  const nobody = hashSecret(nobodysSecret, random)
  /** By record, the secret that was proven last: to compare is faster than to hash. */
  const proven = new WeakMap<HashedSecret, Secret>([[nobody, nobodysSecret]])
  const isProven = (hashed: HashedSecret, secret: string): boolean => {
    const before = proven.get(hashed)
    if (before !== undefined && isSameText(secret, before)) return true
    if (!isSecret(secret, hashed)) return false
    proven.set(hashed, secret as Secret)
    return true
  }
  return {
    list: () => table.list(),
    show: (key) => table.find(key),
    set: (key, { vip }) => table.change(key, (record) => ({ ...record, vip })),
    remove: (key) => table.remove(key),
    open,
    zoneOf,
    create: async ({ name, key = mintKey(random), secret = mintSecret(random), vip, timeZone }) => {
      const hashed = hashSecret(secret, random)
      const createdAtMs = clock()
      const record = await table.create({ key, name, vip, timeZone, ...hashed, createdAtMs })
      return record && { record, secret }
    },
    rotate: async (key) => {
      const secret = mintSecret(random)
      const hashed = hashSecret(secret, random)
      const record = await table.change(key, (before) => ({ ...before, ...hashed }))
      return record && { record, secret }
    },
    authenticate: async (keyText, secret) => {
      const key = parseAppKey(keyText)
      const record = key === undefined ? undefined : await table.find(key)
      const isTheirs = isProven(record ?? nobody, secret)
      return record !== undefined && isTheirs ? { app: open(record), record } : undefined
    },
  }
}
