// A table of records by key, each with a number given afresh: what the tables of apps and of groups share.
// What a server found it takes for granted for a moment, because every request asks who it is from.
import type { Connection } from './connection.ts'
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

// What other servers change is seen after so long; what this one changes at once.
const takenForGrantedMs = 1000
const rememberedMax = 10_000

export const openKeyed = <T extends Numbered>(
  connection: Connection,
  kind: string,
): Keyed<T> & { readonly records: Records } => {
  const records = openRecords(connection, kind)
  const counters = openRecords(connection, 'counter')
  const inTurn = openTurns()
  const remembered = new Map<string, { readonly record: T; readonly atMs: number }>()
  const parse = (body: string): T | undefined => (body === '' ? undefined : (JSON.parse(body) as T))

  const remember = (record: T): T => {
    if (remembered.size >= rememberedMax) remembered.clear()
    remembered.set(record.key, { record, atMs: performance.now() })
    return record
  }
  const find = async (key: string): Promise<T | undefined> => {
    const known = remembered.get(key)
    if (known !== undefined && performance.now() - known.atMs < takenForGrantedMs) {
      return known.record
    }
    const record = parse((await records.find(key)).body)
    if (record === undefined) remembered.delete(key)
    return record && remember(record)
  }
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
        remembered.delete(key)
        return parse(body) ?? record
      }
    })

  return {
    records,
    find,
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
        return remember(created)
      }),
    change: changed,
    remove: (key) => changed(key, () => undefined),
  }
}
