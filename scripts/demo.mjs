// `npm run demo`: installs and builds what is missing or out of date, then runs the demo with the
// arguments handed on. A Node that is too old is told so, hence nothing newer than it before that.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Whether a version like `20.19.0` is at least one like `20.19`. */
function isAtLeast(version, wanted) {
  const [has, needs] = [version, wanted].map((text) => text.split('.').map(Number))
  return has[0] > needs[0] || (has[0] === needs[0] && has[1] >= needs[1])
}

async function demo() {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  const wanted = manifest.engines.node.replace('>=', '')
  const { node } = process.versions
  if (!isAtLeast(node, wanted)) {
    console.error(
      `pushledger needs Node ${wanted} or newer, this is ${node}: see https://nodejs.org`,
    )
    process.exitCode = 1
    return
  }
  const { ensureBuilt } = await import('./build.mjs')
  process.exitCode = ensureBuilt()
  if (process.exitCode !== 0) return
  // In this process, so that Ctrl-C ends it in order and its exit code is ours.
  const program = new URL('../dist/cli/main.js', import.meta.url)
  process.argv.splice(1, 1, fileURLToPath(program), 'demo')
  await import(program.href)
}

await demo()
