// The proofs at length: `npm run soak` runs all of them one after the other, `npm run soak -- kills floods`
// some. Each prints one line of what it did; a variable of the environment overrides the size or the seed
// that stands here. Ends with exit code 1 if any failed.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from './build.mjs'
import { runBin } from './installed.mjs'

/** Sizes of each; `inParts` cuts a variable into runs of vitest of so many, that memory stays flat. */
const proofs = {
  worlds: {
    tests: ['test/sim/sim.test.ts', 'test/sim/served.test.ts'],
    sizes: { SIM_RUNS: 10_000, SIM_FIRST: 1 },
    inParts: { count: 'SIM_RUNS', first: 'SIM_FIRST', size: 250 },
  },
  nights: { tests: ['test/sim/nights.test.ts'], sizes: { NIGHTS_YEARS: 20 } },
  kills: { tests: ['test/e2e/kill.test.ts'], sizes: { KILL_RUNS: 90 } },
  power: { tests: ['test/crash/power.test.ts'], sizes: { POWER_STATES: 0, POWER_BODIES: 200 } },
  writes: { tests: ['test/crash/write-failure.test.ts'], sizes: { FAIL_WRITES: 60 } },
  files: { tests: ['test/crash/files.test.ts'], sizes: { FILES_RUNS: 40 } },
  damage: { tests: ['test/crash/damage.test.ts'], sizes: { DAMAGE_FLIPS: 1500, DAMAGE_CUTS: 300 } },
  fuzz: { tests: ['test/malice/fuzz.test.ts'], sizes: { FUZZ_INPUTS: 100_000 } },
  pipelines: { tests: ['test/malice/pipeline.test.ts'], sizes: { PIPELINES: 25 } },
  floods: { tests: ['test/malice/flood.test.ts'], sizes: { FLOOD: 10 } },
  abandoned: { tests: ['test/malice/abandoned.test.ts'], sizes: { ABANDONED: 10 } },
}

/** The settings of each run of vitest that a proof takes. */
function partsOf({ sizes, inParts }) {
  const settings = Object.fromEntries(
    Object.entries(sizes).map(([name, size]) => [name, Number(process.env[name] ?? size)]),
  )
  if (inParts === undefined) return [settings]
  const { count, first, size } = inParts
  return Array.from({ length: Math.ceil(settings[count] / size) }, (_, i) => ({
    ...settings,
    [first]: settings[first] + i * size,
    [count]: Math.min(size, settings[count] - i * size),
  }))
}

function linesIn(path) {
  try {
    return readFileSync(path, 'utf8').trim().split('\n')
  } catch {
    return []
  }
}

/** Sums; of what is named a duration or a size of memory, the largest. */
function summed(lines) {
  const sums = {}
  for (const [name, value] of lines.flatMap((line) => Object.entries(JSON.parse(line)))) {
    const isPeak = /(Ms|MiB)$/.test(name)
    sums[name] = isPeak ? Math.max(sums[name] ?? 0, value) : (sums[name] ?? 0) + value
  }
  return sums
}

function soak(name, folder) {
  const proof = proofs[name]
  const path = join(folder, name)
  process.env.SOAK_TALLY = path
  const began = performance.now()
  let code = 0
  for (const settings of partsOf(proof)) {
    for (const [variable, value] of Object.entries(settings)) process.env[variable] = String(value)
    code = runBin('vitest', ['run', '--reporter=dot', ...proof.tests])
    if (code !== 0) break
  }
  const seconds = Math.round((performance.now() - began) / 1000)
  const outcome = code === 0 ? 'held' : 'FAILED'
  return {
    code,
    line: `${name}: ${outcome} in ${seconds} s, ${JSON.stringify(summed(linesIn(path)))}`,
  }
}

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => proofs[name] === undefined)
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')}: ${Object.keys(proofs).join(', ')}`)
  process.exit(2)
}
const built = build()
if (built !== 0) process.exit(built)
const folder = mkdtempSync(join(tmpdir(), 'pushledger-soak-'))
const soaked = (asked.length > 0 ? asked : Object.keys(proofs)).map((name) => {
  const done = soak(name, folder)
  console.log(done.line)
  return done
})
rmSync(folder, { recursive: true, force: true })
if (soaked.length > 1) console.log(`\n${soaked.map(({ line }) => line).join('\n')}`)
process.exitCode = soaked.some(({ code }) => code !== 0) ? 1 : 0
