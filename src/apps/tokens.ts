// Makes, lists and revokes feed tokens in an engine's table. Who comes with one is known by feed.ts.
import type { AppKey } from '../ledger/ids.ts'
import type { AppTable } from './app-table.ts'
import { isName } from './name.ts'
import { hashSecret, type Random } from './secret.ts'
import { mintToken, type TokenId, type TokenRecord, type TokenTable, textOfToken } from './token.ts'

/** 1–100 characters without control characters. Several tokens may have the same. */
export type TokenName = string & { readonly tokenName: true }

/** The only moment in which a token is known. */
export interface IssuedToken {
  readonly record: TokenRecord
  readonly token: string
}

export interface Tokens {
  /** At most `tokensMax` an app. */
  create(app: AppKey, name: TokenName): Promise<IssuedToken | 'no app' | 'too many'>
  /** Undefined when there is no such app. */
  list(app: AppKey): Promise<readonly TokenRecord[] | undefined>
  /** Ends at once. Undefined when there is no such token. */
  revoke(id: TokenId): Promise<TokenRecord | undefined>
}

/** The tables of a store. */
export interface Tables {
  readonly apps: AppTable
  readonly tokens: TokenTable
}

export const tokensMax = 100

export const parseTokenName = (text: string): TokenName | undefined =>
  isName(text) ? (text as TokenName) : undefined

export const openTokens = (
  { apps, tokens }: Tables,
  random: Random,
  clock: () => number,
): Tokens => ({
  create: async (app, name) => {
    for (;;) {
      const { id, secret } = mintToken(random)
      const hashed = hashSecret(secret, random)
      const record = await tokens.create(
        { id, app, name, ...hashed, createdAtMs: clock() },
        tokensMax,
      )
      if (record === 'id taken') continue
      return typeof record === 'string' ? record : { record, token: textOfToken({ id, secret }) }
    }
  },
  list: async (key) => {
    const app = await apps.find(key)
    return app && tokens.list(app.id)
  },
  revoke: (id) => tokens.remove(id),
})
