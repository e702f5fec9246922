// A table of records by key, each with a number given afresh: what the tables of apps and of groups share.
import type { Connection } from './connection.ts'
import { openRemembered } from './record-cache.ts'
import { nextNumber, openRecords, openTurns, type Records } from './records.ts'

interface Numbered {
  readonly id: number
  readonly key: string
}

export interface Keyed<T extends Numbered> {
  find(key: T['key']): Promise<T | undefined>
  list(): Promise<readonly T[]>
  create(record: Omit<T, 'id'>): Promise<T | undefined>
  change(key: T['key'], change: (record: T) => T): Promise<T | undefined>
  remove(key: T['key']): Promise<T | undefined>
}

export const openKeyed = <T extends Numbered>(
  connection: Connection,
  kind: string,
): Keyed<T> & { readonly records: Records } => {
  const records = openRecords(connection, kind)
  const counters = openRecords(connection, 'counter')
  const inTurn = openTurns()
  const parse = (body: string): T | undefined => (body === '' ? undefined : (JSON.parse(body) as T))

  const remembered = openRemembered(async (key) => parse((await records.find(key)).body))
  /** Until nobody else changes it meanwhile; undefined where there is none. */
  const changed = (key: string, change: (record: T) => T | undefined): Promise<T | undefined> =>
    inTurn(async () => {
      for (;;) {
        const held = await records.find(key)
        const record = parse(held.body)
        if (record === undefined) return undefined
        const next = change(record)
        const body = next === undefined ? '' : JSON.stringify({ ...next, id: record.id, key })
        if (!(await records.change(held, body))) continue
        remembered.drop(key)
        return parse(body) ?? record
      }
    })

  return {
    records,
    find: remembered.find,
    list: async () => {
      const listed = (await records.list()).flatMap(({ body }) => parse(body) ?? [])
      return listed.sort((a, b) => a.id - b.id)
    },
    create: (record) =>
      inTurn(async () => {
        const held = await records.find(record.key)
        if (held.body !== '') return undefined
        const id = await nextNumber(counters, kind)
        const created = { ...record, id } as T
        if (!(await records.change(held, JSON.stringify(created)))) return undefined
        return created
      }),
    change: changed,
    remove: (key) => changed(key, () => undefined),
  }
}
