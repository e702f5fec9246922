// Puts ClickHouse in process (the npm package chdb, whose library is some 540 MB) where the tests look
// for it: a place of its own, outside the repository, since neither server nor package needs any of it.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isProgram } from './installed.mjs'

const version = '3.4.0'
const place = process.env['CHDB_PLACE'] ?? join(tmpdir(), 'pushledger-chdb')

const isThere = () => existsSync(join(place, `${version}.whole`))

/** Fetches it once; says so where it cannot be had, and then those tests are skipped. */
export function ensureChdb() {
  if (process.env['CLICKHOUSE_URL'] !== undefined || isThere()) return
  console.log(`chdb@${version} is fetched for the tests of ClickHouse`)
  mkdirSync(place, { recursive: true })
  writeFileSync(join(place, 'package.json'), '{ "private": true }\n')
  const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error']
  const { status } = spawnSync('npm', ['install', ...options, `chdb@${version}`], {
    cwd: place,
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: 300_000,
  })
  if (status === 0) writeFileSync(join(place, `${version}.whole`), '')
  else console.log(`chdb@${version} cannot be fetched: the tests of ClickHouse are skipped`)
}

if (isProgram(import.meta.url)) {
  ensureChdb()
  process.exitCode = isThere() ? 0 : 1
}
