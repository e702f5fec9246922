// Compiles src to a fresh dist and makes the command executable.

import { chmodSync, readdirSync, rmSync } from 'node:fs'
import { changedAtMs, ensureInstalled, isProgram, root, runBin } from './installed.mjs'

/** Returns 0, or the exit code of the step that failed. */
export function build() {
  const code = ensureInstalled()
  if (code !== 0) return code
  rmSync(`${root}dist`, { recursive: true, force: true })
  const compiled = runBin('tsc', ['-p', 'tsconfig.build.json'])
  if (compiled === 0) chmodSync(`${root}dist/cli/main.js`, 0o755)
  return compiled
}

/** Builds when dist is missing or older than what it is made of, a removed file included. */
export function ensureBuilt() {
  const code = ensureInstalled()
  if (code !== 0) return code
  const sources = readdirSync(`${root}src`, { recursive: true }).map((path) => `src/${path}`)
  const origins = ['src', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json', ...sources]
  const changedMs = origins.reduce((latest, path) => Math.max(latest, changedAtMs(path)), 0)
  return changedAtMs('dist/cli/main.js') > changedMs ? 0 : build()
}

if (isProgram(import.meta.url)) process.exitCode = build()
