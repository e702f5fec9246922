// What vitest runs: the unit tests beside their files in src, and what crosses rooms in test.

import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    pool: 'forks',
    globals: false,
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
})
