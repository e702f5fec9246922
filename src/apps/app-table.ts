// An app's record, as it is stored, and the table that engines keep of them: THE PORT of this room.
import type { AppKey } from '../ledger/ids.ts'

export interface AppRecord {
  /** The engines' number of the app: given afresh at every creation, never reused. */
  readonly id: number
  readonly key: AppKey
  readonly name: string
  /** May the app use the VIP reports (/messages, /messages/detail, /users)? */
  readonly vip: boolean
  /** IANA name; days are cut by it, so it never changes. */
  readonly timeZone: string
  /** Hex. Only this salted hash of the masterSecret is ever stored. */
  readonly salt: string
  readonly secretHash: string
  readonly createdAtMs: number
}

/** Every change is atomic and on disk when its promise resolves, also beside other processes. */
export interface AppTable {
  find(key: AppKey): Promise<AppRecord | undefined>
  /** In order of creation. */
  list(): Promise<readonly AppRecord[]>
  /** Gives the record a fresh id; undefined when the key is taken. */
  create(app: Omit<AppRecord, 'id'>): Promise<AppRecord | undefined>
  /** Undefined when there is no such app. `change` may not touch id and key. */
  change(key: AppKey, change: (app: AppRecord) => AppRecord): Promise<AppRecord | undefined>
  /** Gone at once with its tokens; its id is remembered among the removed until `forget`. */
  remove(key: AppKey): Promise<AppRecord | undefined>
  /** Ids of removed apps whose data may not be swept yet. */
  removed(): Promise<readonly number[]>
  forget(id: number): Promise<void>
}
