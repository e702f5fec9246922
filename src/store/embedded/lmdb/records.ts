// Records as checked JSON under one key each: how the tables of apps and tokens are kept.

import type { RootDatabase } from 'lmdb'
import { seal, unseal } from './bytes.ts'
import type { KeyRange } from './key.ts'

export interface Records {
  /** Undefined where nothing stands; throws Damage. */
  read(key: Uint8Array): unknown
  /** Inside of a transaction: part of it. */
  write(key: Uint8Array, value: unknown): void
  keysIn(range: KeyRange): readonly Uint8Array[]
}

export const sealRecord = (key: Uint8Array, value: unknown): Buffer =>
  Buffer.from(seal(key, Buffer.from(JSON.stringify(value))))

/** Throws Damage. */
export const unsealRecord = (key: Uint8Array, value: Uint8Array): unknown =>
  JSON.parse(Buffer.from(unseal(key, value)).toString())

/** The part of the environment that records are read from and written to. */
export interface RecordSource {
  readonly db: Pick<RootDatabase, 'getBinary' | 'putSync'>
  keysIn(range: KeyRange, limit: number): readonly Uint8Array[]
}

export const openRecords = ({ db, keysIn }: RecordSource): Records => ({
  read: (key) => {
    const value = db.getBinary(key)
    return value === undefined ? undefined : unsealRecord(key, value)
  },
  write: (key, value) => {
    db.putSync(key, sealRecord(key, value))
  },
  keysIn: (range) => keysIn(range, Number.MAX_SAFE_INTEGER),
})
