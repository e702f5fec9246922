// A feed token's record, its text, and the table that engines keep of them: the second PORT of this
// room. A token may only tell (POST /v1/events), so that a gateway need not hold the masterSecret.
import type { AppKey } from '../ledger/ids.ts'
import {
  type HashedSecret,
  mint,
  mintTokenSecret,
  parseTokenSecret,
  type Random,
  type TokenSecret,
} from './secret.ts'

/** 12 lowercase hexadecimal digits: the public half of a token, by which it is looked up. */
export type TokenId = string & { readonly tokenId: true }

export interface TokenRecord extends HashedSecret {
  readonly id: TokenId
  readonly app: AppKey
  /** The engines' number of the app: an app created again with the same key is another one. */
  readonly appId: number
  readonly name: string
  readonly createdAtMs: number
  /** To the minute; left out as long as it was never used. */
  readonly lastUsedAtMs?: number
}

export type NewTokenRecord = Omit<TokenRecord, 'appId' | 'lastUsedAtMs'>

/** Every change is atomic and on disk when its promise resolves, also beside other processes. */
export interface TokenTable {
  find(id: TokenId): Promise<TokenRecord | undefined>
  /** Those of an app, by its number, in order of their time of creation, then of their ids. */
  list(appId: number): Promise<readonly TokenRecord[]>
  /** Refuses where the app does not exist, has `most` tokens already, or the id was given. */
  create(token: NewTokenRecord, most: number): Promise<TokenRecord | NotCreated>
  /** Notes when a token was used last, without holding up the caller; nothing where it is gone. */
  use(id: TokenId, atMs: number): Promise<void>
  /** Gone at once. Removing an app removes its tokens. */
  remove(id: TokenId): Promise<TokenRecord | undefined>
}

export type NotCreated = 'no app' | 'too many' | 'id taken'

export interface Token {
  readonly id: TokenId
  readonly secret: TokenSecret
}

// Never changes: scanners of leaked secrets know tokens by it.
const prefix = 'plf_'
const idBytes = 6

export const parseTokenId = (text: string): TokenId | undefined =>
  /^[0-9a-f]{12}$/.test(text) ? (text as TokenId) : undefined

/** Whether it is meant to be a token, and no masterSecret. */
export const isLikeToken = (text: string): boolean => text.startsWith(prefix)

export const parseToken = (text: string): Token | undefined => {
  if (!isLikeToken(text)) return undefined
  const [idText = '', secretText = '', ...more] = text.slice(prefix.length).split('_')
  const id = parseTokenId(idText)
  const secret = parseTokenSecret(secretText)
  if (id === undefined || secret === undefined || more.length > 0) return undefined
  return { id, secret }
}

export const mintToken = (random: Random): Token => ({
  id: mint(random, idBytes, parseTokenId),
  secret: mintTokenSecret(random),
})

/** What its holder is given. */
export const textOfToken = ({ id, secret }: Token): string => `${prefix}${id}_${secret}`
