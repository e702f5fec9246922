// Compiles src to a fresh dist, makes the command executable and builds the console beside it.

import { chmodSync, cpSync, readdirSync, rmSync } from 'node:fs'
import { changedAtMs, ensureInstalled, isProgram, root, runBin } from './installed.mjs'
import { pack } from './pack.mjs'

/** Returns 0, or the exit code of the step that failed. */
export function build() {
  const code = ensureInstalled()
  if (code !== 0) return code
  rmSync(`${root}dist`, { recursive: true, force: true })
  const compiled = runBin('tsc', ['-p', 'tsconfig.build.json'])
  if (compiled !== 0) return compiled
  chmodSync(`${root}dist/cli/main.js`, 0o755)
  const migrations = 'store/clickhouse/migrations'
  cpSync(`${root}src/${migrations}`, `${root}dist/${migrations}`, { recursive: true })
  const shown = runBin('vite', ['build', 'console', '--logLevel', 'warn'])
  if (shown === 0) pack(`${root}dist/console`)
  return shown
}

const filesOf = (folder) =>
  readdirSync(`${root}${folder}`, { recursive: true }).map((path) => `${folder}/${path}`)

/** Builds when dist is missing or older than what it is made of, a removed file included. */
export function ensureBuilt() {
  const code = ensureInstalled()
  if (code !== 0) return code
  const sources = ['src', ...filesOf('src'), 'console', ...filesOf('console')]
  const origins = ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json', ...sources]
  const changedMs = origins.reduce((latest, path) => Math.max(latest, changedAtMs(path)), 0)
  const builtMs = ['dist/cli/main.js', 'dist/console/index.html'].map(changedAtMs)
  return Math.min(...builtMs) > changedMs ? 0 : build()
}

if (isProgram(import.meta.url)) process.exitCode = build()
