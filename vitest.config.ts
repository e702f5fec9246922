// What vitest runs: the unit tests beside their files in src and console, and what crosses rooms in
// test.

import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{src,console/src,test}/**/*.test.ts'],
    pool: 'forks',
    // A process takes many files, one after the other: what they import is read once.
    isolate: false,
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
