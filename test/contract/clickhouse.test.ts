// The engine over ClickHouse keeps the contract of every port. It cannot tell how many facts were held
// before, and says so.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { App, Store } from '../../src/ledger/store.ts'
import type { Address } from '../../src/store/clickhouse/address.ts'
import { everyStatement } from '../../src/store/clickhouse/migration.ts'
import { openClickHouse } from '../../src/store/clickhouse/store.ts'
import { clickHouseOfFile, migratedDatabase, noClickHouse } from '../support/clickhouse.ts'
import { appTableContractOf } from './apps.ts'
import { clockTableContractOf } from './clock.ts'
import { groupTableContractOf } from './groups.ts'
import { contractOf } from './store.ts'
import { tokenTableContractOf } from './tokens.ts'

const found = clickHouseOfFile()

/** One database for all tests of stores: to make one takes longer than most of them. */
let address: Address
let dropDatabase: () => Promise<void> = async () => {}
beforeAll(async () => {
  if (noClickHouse !== undefined) return
  const made = await migratedDatabase(found())
  address = made.address
  dropDatabase = made.drop
})
afterAll(() => dropDatabase())

const appsOfTest = 1000
let tests = 0

/** The store with numbers of apps that no other test has. */
const apart = (store: Store, firstId: number): Store => {
  const own = ({ id, zone }: App): App => ({ id: firstId + id, zone })
  return {
    append: (app, ...more) => store.append(own(app), ...more),
    counts: (app, ...more) => store.counts(own(app), ...more),
    statuses: (app, ...more) => store.statuses(own(app), ...more),
    users: (app, ...more) => store.users(own(app), ...more),
    messages: (app, ...more) => store.messages(own(app), ...more),
    facts: (app, ...more) => store.facts(own(app), ...more),
    recent: (app, ...more) => store.recent(own(app), ...more),
    stageHours: (app, ...more) => store.stageHours(own(app), ...more),
    totals: (app, ...more) => store.totals(own(app), ...more),
    feed: (app, ...more) => store.feed(own(app), ...more),
    sweep: (app, ...more) => store.sweep(own(app), ...more),
    removeApp: (id) => store.removeApp(firstId + id),
    close: () => store.close(),
  }
}

const openIn = async (settings: { keepDays?: number } = {}) => {
  tests += 1
  const firstId = tests * appsOfTest
  const openAgain = async () => apart(await openClickHouse({ ...settings, address }), firstId)
  let store = await openAgain()
  const reopen = async () => {
    await store.close()
    store = await openAgain()
    return store
  }
  return { store, reopen, close: () => store.close() }
}

/** Tables of apps, tokens and groups name nothing by the test: each needs a database of its own. */
const openTables = async () => {
  const { address: own, drop } = await migratedDatabase(found())
  let store = await openClickHouse({ address: own })
  const reopen = async () => {
    await store.close()
    store = await openClickHouse({ address: own })
    return store
  }
  const close = async () => {
    await store.close()
    await drop()
  }
  const { apps, tokens, groups, clock } = store
  return { apps, tokens, groups, clock, reopen, close }
}

describe.skipIf(noClickHouse !== undefined)('ClickHouse', () => {
  it('understands the statements of a cluster', async () => {
    const statements = everyStatement({ cluster: 'shop', database: 'ledger' })
    expect(statements.filter((each) => each.includes('ON CLUSTER shop'))).toEqual(statements)
    expect(statements.join()).toContain('ENGINE = Distributed(shop, ledger, facts_local')
    for (const query of statements) {
      await found().client.command({ query: `EXPLAIN AST ${query}` })
    }
  })

  appTableContractOf(async () => {
    const { apps, reopen, close } = await openTables()
    return { apps, reopen: async () => (await reopen()).apps, close }
  }, 'clickhouse')

  groupTableContractOf(
    async () => {
      const { groups, reopen, close } = await openTables()
      return { groups, reopen: async () => (await reopen()).groups, close }
    },
    'clickhouse',
    40,
  )

  tokenTableContractOf(openTables, 'clickhouse')

  clockTableContractOf(openTables, 'clickhouse')

  contractOf((settings) => openIn(settings), 'clickhouse', { apps: 60 })
})
