// Compiles src to a fresh dist and makes the command executable.

import { chmodSync, rmSync } from 'node:fs'
import { ensureInstalled, isProgram, root, runBin } from './installed.mjs'

/** Returns 0, or the exit code of the step that failed. */
export function build() {
  const code = ensureInstalled()
  if (code !== 0) return code
  rmSync(`${root}dist`, { recursive: true, force: true })
  const compiled = runBin('tsc', ['-p', 'tsconfig.build.json'])
  if (compiled === 0) chmodSync(`${root}dist/cli/main.js`, 0o755)
  return compiled
}

if (isProgram(import.meta.url)) process.exitCode = build()
