// The seeded simulation: worlds in which the embedded engine must answer as the memory engine does.
import { it } from 'vitest'
import { embeddedEngine } from './engine.ts'
import { runWorld, seeds, worldWithinMs } from './run-world.ts'

it.each(seeds)('world %i', { timeout: worldWithinMs }, (seed) =>
  runWorld(seed, 'embedded', embeddedEngine),
)
