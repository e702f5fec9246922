// The table of tokens in memory, over a table of apps: for tests, and the plainest reading of the port.
import type { AppTable } from '../../apps/app-table.ts'
import type { TokenId, TokenRecord, TokenTable } from '../../apps/token.ts'

/** A table of its own, empty. */
export const openMemoryTokens = (apps: AppTable): TokenTable => {
  const tokens = new Map<TokenId, TokenRecord>()
  /** Drops what removed apps left; each look begins with it, so that they leave nothing. */
  const sweep = async (): Promise<void> => {
    const alive = new Set((await apps.list()).map(({ id }) => id))
    for (const { id, appId } of tokens.values()) if (!alive.has(appId)) tokens.delete(id)
  }
  const listed = (appId: number): readonly TokenRecord[] =>
    [...tokens.values()]
      .filter((token) => token.appId === appId)
      .sort((a, b) => a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1))

  return {
    find: async (id) => {
      await sweep()
      return tokens.get(id)
    },
    list: async (appId) => {
      await sweep()
      return listed(appId)
    },
    create: async (token, most) => {
      const app = await apps.find(token.app)
      await sweep()
      if (app === undefined) return 'no app'
      if (listed(app.id).length >= most) return 'too many'
      if (tokens.has(token.id)) return 'id taken'
      const record = { ...token, appId: app.id }
      tokens.set(token.id, record)
      return record
    },
    use: async (id, atMs) => {
      await sweep()
      const held = tokens.get(id)
      if (held !== undefined) tokens.set(id, { ...held, lastUsedAtMs: atMs })
    },
    remove: async (id) => {
      await sweep()
      const held = tokens.get(id)
      tokens.delete(id)
      return held
    },
  }
}
