// The seeded simulation on ClickHouse: it must answer as the memory engine does, but for how much of what
// was told was held before, which it cannot tell.
import { describe, it } from 'vitest'
import { clickHouseOfFile, noClickHouse } from '../support/clickhouse.ts'
import { clickHouseEngine } from './engine.ts'
import { clickHouseSeeds, runWorld, worldWithinMs } from './run-world.ts'

const found = clickHouseOfFile()

describe.skipIf(noClickHouse !== undefined)('on ClickHouse', () => {
  it.each(clickHouseSeeds)('world %i', { timeout: worldWithinMs }, (seed) =>
    runWorld(seed, 'clickhouse', (world) => clickHouseEngine(world, found())),
  )
})
