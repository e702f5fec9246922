// `npm run bench:peers`: installs what `npm run bench` compares this server with. Debian's programs
// where they are missing (as root), npm's packages into a scratch place outside the repository. What
// cannot be had is said, and skipped by the benchmark.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const place = process.env['BENCH_PEERS'] ?? join(tmpdir(), 'pushledger-bench-peers')

// Each with its binaries inside: nothing compiles, nothing is downloaded by a script of theirs.
const npmPackages = ['chdb@3.4.0', '@duckdb/node-api@1.5.6-r.1', 'pg@8.23.1']

const debianPackages = [
  { name: 'redis-server', isThere: () => has('redis-server') },
  { name: 'postgresql', isThere: () => existsSync('/usr/lib/postgresql') },
]

function has(program) {
  return spawnSync('which', [program]).status === 0
}

function succeeds(command, args, cwd) {
  return spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], cwd }).status === 0
}

function say(name, isThere) {
  console.log(`${name}: ${isThere ? 'there' : 'could not be installed'}`)
}

const missing = debianPackages.filter(({ isThere }) => !isThere()).map(({ name }) => name)
if (missing.length > 0) {
  succeeds('apt-get', ['update', '-q'])
  for (const name of missing) {
    succeeds('apt-get', ['install', '-qy', '--no-install-recommends', name])
  }
}
for (const { name, isThere } of debianPackages) say(name, isThere())

mkdirSync(place, { recursive: true })
writeFileSync(join(place, 'package.json'), '{ "private": true }\n')
// One by one, so that one that cannot be had leaves the others.
for (const name of npmPackages) {
  const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error']
  say(name, succeeds('npm', ['install', ...options, name], place))
}
