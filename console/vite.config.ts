// How the console is built: one document and hashed files below /assets/, which the server
// gives out under a policy that allows nothing inline and nothing from elsewhere.

import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/',
  publicDir: false,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: fileURLToPath(new URL('../dist/console', import.meta.url)),
    assetsDir: 'assets',
    emptyOutDir: true,
    target: 'es2022',
    // As data: URLs they would break the policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  // The API of a server that runs beside `npx vite console`.
  server: { proxy: { '/v1': 'http://127.0.0.1:8787', '/v3': 'http://127.0.0.1:8787' } },
})
