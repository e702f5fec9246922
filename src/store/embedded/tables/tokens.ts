// The table of tokens in the same file as the ledger, like that of the apps: every change is a
// transaction of its own, beside a running server too.
import type { TokenId, TokenRecord, TokenTable } from '../../../apps/token.ts'
import type { Environment } from '../lmdb/environment.ts'
import { appRecordKey, tokenIdOf, tokenKey, tokenOfAppKey, tokensOfApp } from '../lmdb/key.ts'
import { openRecords, type Records } from '../lmdb/records.ts'

// What stands under the key that names a token as an app's.
const present = 1

export const openEmbeddedTokens = (environment: Environment): TokenTable => {
  const { db } = environment
  const records = openRecords(environment)
  const { write } = records
  const find = (id: TokenId) => parseRecord(records.read(tokenKey(id)))

  return {
    async find(id) {
      environment.refresh()
      return find(id)
    },
    async list(appId) {
      environment.refresh()
      const listed = idsOf(records, appId).flatMap((id) => find(id) ?? [])
      return listed.sort((a, b) => a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1))
    },
    create: async (token, most) =>
      environment.change(() => {
        const appId = parseAppId(records.read(appRecordKey(token.app)))
        if (appId === undefined) return 'no app'
        if (idsOf(records, appId).length >= most) return 'too many'
        if (find(token.id) !== undefined) return 'id taken'
        const record: TokenRecord = { ...token, appId }
        write(tokenKey(token.id), record)
        write(tokenOfAppKey(appId, token.id), present)
        return record
      }),
    // Waits for the write lock on a thread of its own, unlike the others: a server calls it.
    use: (id, atMs) =>
      environment.changeLater(() => {
        const record = find(id)
        if (record !== undefined) write(tokenKey(id), { ...record, lastUsedAtMs: atMs })
      }),
    remove: async (id) =>
      environment.change(() => {
        const record = find(id)
        if (record === undefined) return undefined
        db.removeSync(tokenKey(id))
        db.removeSync(tokenOfAppKey(record.appId, id))
        return record
      }),
  }
}

/** To be called inside of the transaction that removes the app. */
export const removeTokensOf = (environment: Environment, appId: number): void => {
  for (const id of idsOf(openRecords(environment), appId)) {
    environment.db.removeSync(tokenKey(id))
    environment.db.removeSync(tokenOfAppKey(appId, id))
  }
}

const idsOf = (records: Records, appId: number): readonly TokenId[] =>
  records.keysIn(tokensOfApp(appId)).flatMap((key) => tokenIdOf(key) ?? [])

// What stands under these keys was written here, and its checksum has held.
const parseRecord = (value: unknown): TokenRecord | undefined => value as TokenRecord | undefined
const parseAppId = (value: unknown): number | undefined => (value as { id: number } | undefined)?.id
