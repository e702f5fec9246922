// pushledger token: who may only tell. Works on the directory itself, like the app verbs.
import { randomBytes } from 'node:crypto'
import { type Command, Option } from 'commander'
import { parseTokenId, type TokenId, type TokenRecord } from '../apps/token.ts'
import {
  openTokens,
  parseTokenName,
  type TokenName,
  type Tokens,
  tokensMax,
} from '../apps/tokens.ts'
import type { Target } from '../audit/audit-line.ts'
import type { AppKey } from '../ledger/ids.ts'
import { systemClock } from '../runtime/clock.ts'
import { atStore, audited } from './audited.ts'
import { type Common, keyOf, linesOf, nameRule, noApp, withTables } from './tables.ts'
import { addJson, addStore, orUsage, print, Refused, tableOf } from './usage.ts'

const idRule = 'the id of a token, 12 lowercase hexadecimal digits'

const idOf = orUsage(parseTokenId, idRule)
const nameOf = orUsage(parseTokenName, nameRule)

export const addToken = (program: Command): void => {
  const token = program
    .command('token')
    .description('make, list and revoke feed tokens, which may tell events and ask nothing')
  const verb = (name: string, text: string): Command =>
    addJson(addStore(token.command(name).description(text)))
  const verbOnApp = (name: string, text: string): Command =>
    verb(name, text).argument('<app>', "the app's key", keyOf)
  const name = new Option('--name <name>', `what holds it, like gateway-1: ${nameRule}`)

  verbOnApp('create', 'make a token of an app; prints it this once only')
    .addOption(name.argParser(nameOf).makeOptionMandatory())
    .action(
      audited({
        at: atStore,
        target: ([app, { name }]) => ({ app, name }),
        verb: create,
      }),
    )
  verbOnApp('list', "an app's tokens, and when each was used last").action(list)
  verb('revoke', 'end a token at once')
    .argument('<id>', idRule, idOf)
    .action(audited({ at: atStore, target: ([token]) => ({ token }), verb: revoke }))
}

const create = async (app: AppKey, options: Common & { name: TokenName }): Promise<Target> => {
  const issued = await withTokens(options, (tokens) => tokens.create(app, options.name))
  if (issued === 'no app') return noApp(app)
  if (issued === 'too many') {
    throw new Refused(
      `the app has ${tokensMax} tokens already, the most it may have: revoke one first, ` +
        `pushledger token list ${app} shows them`,
    )
  }
  const { id, name } = issued.record
  const told = { id, name, app, token: issued.token }
  print(options.json ? JSON.stringify(told) : `${linesOf(told)}\nThe token is not shown again.`)
  return { token: id }
}

const list = async (app: AppKey, options: Common): Promise<void> => {
  const records = (await withTokens(options, (tokens) => tokens.list(app))) ?? noApp(app)
  if (options.json) {
    print(JSON.stringify(records.map(publicOf)))
    return
  }
  const rows = records.map(publicOf).map((token) => {
    return [token.id, token.name, token.created_at, token.last_used_at ?? 'never']
  })
  print(tableOf([['ID', 'NAME', 'CREATED', 'LAST USED'], ...rows]))
}

const revoke = async (id: TokenId, options: Common): Promise<Target> => {
  const revoked = (await withTokens(options, (tokens) => tokens.revoke(id))) ?? noToken(id)
  print(options.json ? JSON.stringify(publicOf(revoked)) : `revoked ${revoked.name} (${id})`)
  return { app: revoked.app, name: revoked.name }
}

const withTokens = <T>(options: Common, work: (tokens: Tokens) => Promise<T>): Promise<T> =>
  withTables(options, (tables) => work(openTokens(tables, randomBytes, systemClock)))

const noToken = (id: TokenId): never => {
  throw new Refused(`there is no token ${id}: pushledger token list APP shows those of an app`)
}

const publicOf = ({ id, name, app, createdAtMs, lastUsedAtMs }: TokenRecord) => ({
  id,
  name,
  app,
  created_at: new Date(createdAtMs).toISOString(),
  last_used_at: lastUsedAtMs === undefined ? null : new Date(lastUsedAtMs).toISOString(),
})
