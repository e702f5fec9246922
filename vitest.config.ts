// What vitest runs: the unit tests beside their files in src and console, and what crosses rooms in
// test.

import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** The simulation takes longest, and begins first, so that no worker is left alone with it at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isLong = ({ moduleId }: TestSpecification) => moduleId.includes('/test/sim/')
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}

export default defineConfig({
  test: {
    include: ['{src,console/src,test}/**/*.test.ts'],
    pool: 'forks',
    // A process takes many files, one after the other: what they import is read once.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    // Much of it waits for a disk or for a child process.
    maxWorkers: '100%',
    globals: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Of what runs in the tests' own processes; `npm run coverage` asks for it.
    coverage: {
      include: ['src/**/*.ts'],
      exclude: ['**/*.test.ts'],
      reporter: ['text-summary', 'html'],
    },
  },
})
