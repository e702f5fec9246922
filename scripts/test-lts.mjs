// `npm run test:lts`: the built tests on the current LTS release of Node, which is fetched as an npm package
// into a folder of its own, outside of the repository, once. Without arguments what may depend on
// Node: the units, the engines, the wire, the official clients, the program; `-- all` runs everything.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { ensureBuilt } from './build.mjs'
import { root, run } from './installed.mjs'

const version = '24.21.0'
const representative = [
  'src',
  'test/api',
  'test/clients',
  'test/contract/embedded.test.ts',
  'test/contract/memory.test.ts',
  'test/e2e/package.test.ts',
  'test/e2e/serve.test.ts',
  'test/e2e/socket.test.ts',
]

/** The folder of the program; undefined where it cannot be had. */
function fetchNode() {
  const name = `node-${process.platform}-${process.arch}`
  const folder = join(tmpdir(), `pushledger-${name}-${version}`)
  const bin = join(folder, 'node_modules', name, 'bin')
  if (!existsSync(join(bin, 'node'))) {
    mkdirSync(folder, { recursive: true })
    const args = ['install', '--prefix', folder, '--no-save', '--ignore-scripts', '--no-audit']
    if (run('npm', [...args, `${name}@${version}`]) !== 0) return undefined
  }
  const { stdout } = spawnSync(join(bin, 'node'), ['--version'], { encoding: 'utf8' })
  return stdout?.trim() === `v${version}` ? bin : undefined
}

function testOn(bin, args) {
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` }
  const vitest = `${root}node_modules/vitest/vitest.mjs`
  const node = join(bin, 'node')
  return spawnSync(node, [vitest, 'run', ...args], { cwd: root, env, stdio: 'inherit' }).status ?? 1
}

const built = ensureBuilt()
const bin = built === 0 ? fetchNode() : undefined
const [first, ...others] = process.argv.slice(2)
if (bin === undefined) {
  console.error(`Node ${version} cannot be had for this machine: nothing was tested on it`)
  process.exitCode = 1
} else {
  console.log(`on Node ${version}`)
  const asked = first === 'all' ? others : process.argv.slice(2)
  process.exitCode = testOn(bin, asked.length === 0 && first !== 'all' ? representative : asked)
}
