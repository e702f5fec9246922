// The table of tokens in ClickHouse. Those of an app are one record, because so many of them may there be;
// another says whose a token is, which is how an id is given once.
import type { AppTable } from '../../apps/app-table.ts'
import type { TokenId, TokenRecord, TokenTable } from '../../apps/token.ts'
import type { Connection } from './connection.ts'
import { openRemembered } from './record-cache.ts'
import { type Kept, openRecords, openTurns } from './records.ts'
import { openRows } from './rows.ts'

export const openClickHouseTokens = (connection: Connection, apps: AppTable): TokenTable => {
  const owners = openRecords(connection, 'token')
  const lists = openRecords(connection, 'tokens')
  const inTurn = openTurns()

  const withUses = openUses(connection)
  /** None of an app that is gone. */
  const listed = async (held: Kept): Promise<readonly TokenRecord[]> => {
    const tokens = parse(held)
    const [any] = tokens
    if (any === undefined) return []
    const app = await apps.find(any.app)
    return app?.id === any.appId ? tokens : []
  }
  const load = async (id: string): Promise<TokenRecord | undefined> => {
    const { body } = await owners.find(id)
    if (body === '') return undefined
    const tokens = await listed(await lists.find(body))
    const own = tokens.filter((token) => token.id === id)
    return (await withUses(own))[0]
  }
  const remembered = openRemembered(load)
  const find = async (id: TokenId): Promise<TokenRecord | undefined> => {
    const token = await remembered.find(id)
    const app = token && (await apps.find(token.app))
    return app?.id === token?.appId ? token : undefined
  }

  return {
    find,
    list: async (appId) => {
      const tokens = await withUses(await listed(await lists.find(String(appId))))
      return [...tokens].sort((a, b) => a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1))
    },
    create: (token, most) =>
      inTurn(async () => {
        const app = await apps.find(token.app)
        if (app === undefined) return 'no app'
        let held = await lists.find(String(app.id))
        if (parse(held).length >= most) return 'too many'
        // One of an app that is gone may be given again.
        const owner = await owners.find(token.id)
        const isTaken = owner.body !== '' && (await find(token.id)) !== undefined
        if (isTaken || !(await owners.change(owner, String(app.id)))) return 'id taken'
        const record: TokenRecord = { ...token, appId: app.id }
        while (!(await lists.change(held, JSON.stringify([...parse(held), record])))) {
          held = await lists.find(String(app.id))
          if (parse(held).length >= most) return 'too many'
        }
        return record
      }),
    use: async (id, atMs) => {
      if ((await find(id)) === undefined) return
      const rows = openRows()
      rows.text(id)
      rows.u64(BigInt(atMs))
      rows.end()
      await connection.insert('uses (token, at)', rows.taken())
      remembered.drop(id)
    },
    remove: (id) =>
      inTurn(async () => {
        const token = await find(id)
        if (token === undefined) return undefined
        for (;;) {
          const held = await lists.find(String(token.appId))
          const others = parse(held).filter((other) => other.id !== id)
          if (await lists.change(held, JSON.stringify(others))) break
        }
        remembered.drop(id)
        return token
      }),
  }
}

/** Adds when each was used last. */
const openUses =
  (connection: Connection) =>
  async (tokens: readonly TokenRecord[]): Promise<readonly TokenRecord[]> => {
    if (tokens.length === 0) return []
    const rows = await connection.ask<{ of: string; last: string }>(
      `SELECT token AS of, max(at) AS last FROM uses WHERE token IN {ids:Array(String)} GROUP BY token`,
      { ids: tokens.map(({ id }) => id) },
    )
    const uses = new Map(rows.map(({ of, last }) => [of, Number(last)]))
    return tokens.map((token) => {
      const lastUsedAtMs = uses.get(token.id)
      return lastUsedAtMs === undefined ? token : { ...token, lastUsedAtMs }
    })
  }

const parse = ({ body }: Kept): readonly TokenRecord[] =>
  body === '' ? [] : (JSON.parse(body) as readonly TokenRecord[])
