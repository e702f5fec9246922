// The seeded simulation through HTTP, in both directions: the server over the embedded engine must answer
// as the memory engine does.
import { it } from 'vitest'
import { runWorld, servedSeeds, worldWithinMs } from './run-world.ts'
import { serverEngine } from './server-engine.ts'

it.each(servedSeeds)('world %i, served', { timeout: worldWithinMs }, (seed) =>
  runWorld(seed, 'server', serverEngine),
)
