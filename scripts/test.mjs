// Builds and runs the tests, from a fresh clone too; further arguments are handed to vitest.
// Ends with one plain line `N passed, N failed` and with vitest's exit code. A file that does
// not load, and a run that fails outside any test, each count as one failure.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from './build.mjs'
import { ensureChdb } from './chdb.mjs'
import { runBin } from './installed.mjs'

/** The counts in vitest's JSON report; all zero when it wrote none. */
function countsOf(reportPath) {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  let files = []
  try {
    files = JSON.parse(readFileSync(reportPath, 'utf8')).testResults
  } catch {
    console.error('vitest left no report')
  }
  for (const file of files) {
    if (file.status === 'failed' && !file.assertionResults.some((t) => t.status === 'failed')) {
      counts.failed += 1
    }
    for (const { status } of file.assertionResults) {
      if (status === 'passed' || status === 'failed') counts[status] += 1
      else counts.skipped += 1
    }
  }
  return counts
}

function vitest(args) {
  const folder = mkdtempSync(join(tmpdir(), 'pushledger-test-'))
  const reportPath = join(folder, 'report.json')
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportPath}`]
    const code = runBin('vitest', ['run', ...reporters, ...args])
    return { code, ...countsOf(reportPath) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const built = build()
ensureChdb()
const result =
  built === 0 ? vitest(process.argv.slice(2)) : { code: built, passed: 0, failed: 1, skipped: 0 }
if (result.code !== 0 && result.failed === 0) result.failed = 1
if (result.skipped > 0) console.log(`${result.skipped} skipped`)
console.log(`${result.passed} passed, ${result.failed} failed`)
process.exitCode = result.code
