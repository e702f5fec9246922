// Records that change one version at a time, in a database without transactions: a version is an insert
// with a token of its own, and of inserts with one token ClickHouse keeps the first. Whoever finds his own
// mark in the version that he wrote has made the change; the others look again.
import { randomBytes } from 'node:crypto'
import type { Connection } from './connection.ts'
import { openRows } from './rows.ts'

export interface Kept {
  readonly name: string
  readonly version: number
  /** Empty where the record was taken away. */
  readonly body: string
}

export interface Records {
  /** The last version; one without a body where there was none. */
  find(name: string): Promise<Kept>
  list(): Promise<readonly Kept[]>
  /** Those that were ever taken away, by the body before. */
  taken(): Promise<readonly string[]>
  /** Makes the next version; false where somebody else has made it. */
  change(held: Kept, body: string): Promise<boolean>
}

const columns = 'records (kind, name, version, nonce, body)'
const nonceBytes = 8

const never = (name: string): Kept => ({ name, version: 0, body: '' })

interface KeptRow {
  readonly of: string
  readonly last: string
  readonly content: string
}

const keptOf = ({ of, last, content }: KeptRow): Kept => ({
  name: of,
  version: Number(last),
  body: content,
})

export const openRecords = (connection: Connection, kind: string): Records => ({
  find: async (name) => {
    const [row] = await connection.ask<KeptRow>(
      `SELECT name AS of, version AS last, body AS content FROM records
      WHERE kind = {kind:String} AND name = {name:String} ORDER BY version DESC LIMIT 1`,
      { kind, name },
    )
    return row === undefined ? never(name) : keptOf(row)
  },
  list: async () => {
    const rows = await connection.ask<KeptRow>(
      `SELECT name AS of, max(version) AS last, argMax(body, version) AS content FROM records
      WHERE kind = {kind:String} GROUP BY name HAVING content != ''`,
      { kind },
    )
    return rows.map(keptOf)
  },
  taken: async () => {
    const rows = await connection.ask<{ content: string }>(
      `SELECT before AS content FROM (
        SELECT body, lagInFrame(body) OVER (PARTITION BY name ORDER BY version) AS before
        FROM records WHERE kind = {kind:String}
      ) WHERE body = '' AND before != ''`,
      { kind },
    )
    return rows.map(({ content }) => content)
  },
  change: async ({ name, version }, body) => {
    const nonce = randomBytes(nonceBytes).toString('hex')
    const next = version + 1
    const rows = openRows()
    rows.text(kind)
    rows.text(name)
    rows.u64(BigInt(next))
    rows.text(nonce)
    rows.text(body)
    rows.end()
    await connection.insert(columns, rows.taken(), `${kind} ${name} ${next}`)
    const [row] = await connection.ask<{ nonce: string }>(
      `SELECT nonce FROM records
      WHERE kind = {kind:String} AND name = {name:String} AND version = {next:UInt64}`,
      { kind, name, next },
    )
    return row?.nonce === nonce
  },
})

/** One after another within this process: only other servers are raced with. */
export const openTurns = (): (<T>(work: () => Promise<T>) => Promise<T>) => {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const mine = last.then(work)
    last = mine.catch(() => {})
    return mine
  }
}

/** The next of rising numbers, never the same twice. */
export const nextNumber = async (counters: Records, name: string): Promise<number> => {
  for (;;) {
    const held = await counters.find(name)
    if (await counters.change(held, String(held.version + 1))) return held.version + 1
  }
}
