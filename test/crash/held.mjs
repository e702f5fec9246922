// A child of the crash tests: for each directory that it is told of on stdin, opens it with the built engine,
// says how much of each body it holds and what verify finds, tells all bodies once more, and says so
// again. It may die at any of them.
import { createInterface } from 'node:readline'
import { openZone } from '../../dist/ledger/day.js'
import { verify } from '../../dist/store/embedded/maintenance/verify.js'
import { openEmbedded } from '../../dist/store/embedded/store.js'
import { appOf, broadcast, ownMessageOf, toldBy } from './bodies.mjs'

const zone = openZone('Asia/Shanghai')
const apps = [1, 2].map((id) => ({ id, zone }))

const numbersTo = (bodies) => Array.from({ length: bodies }, (_, i) => i)

const receivedOf = async (store, app, msgIds, nowMs) => {
  const counts = await store.counts(app, msgIds, nowMs)
  return counts.map((count) => count?.reduce((one, other) => Math.max(one, other), 0) ?? 0)
}

const heldIn = async (dir, bodies) => {
  const nowMs = Date.now()
  const store = await openEmbedded({ dir, keepDays: 31, thread: false })
  const own = []
  const broadcasts = []
  for (const app of apps) {
    const numbers = numbersTo(bodies).filter((number) => appOf(number) === app.id)
    const counts = await receivedOf(store, app, [...numbers.map(ownMessageOf), broadcast], nowMs)
    broadcasts.push(counts.pop())
    for (const [i, number] of numbers.entries()) own[number] = counts[i]
  }
  const close = () => store.close()
  const tellAll = async (seed) => {
    for (const number of numbersTo(bodies)) {
      await store.append(apps[appOf(number) - 1], toldBy(seed, number, nowMs), nowMs)
    }
  }
  return { own, broadcasts, tellAll, close }
}

const check = async ({ dir, seed, bodies }) => {
  const { own, broadcasts, tellAll, close } = await heldIn(dir, bodies)
  await tellAll(seed)
  await close()
  const after = await heldIn(dir, bodies)
  await after.close()
  const findings = []
  const onFinding = (finding) => {
    // The scenario makes no records of its apps.
    if (!/ there is not$/.test(finding.what)) findings.push(finding)
  }
  await verify(dir, Date.now(), { onFinding, onPlace: () => {} })
  return { own, broadcasts, after: { own: after.own, broadcasts: after.broadcasts }, findings }
}

for await (const line of createInterface({ input: process.stdin })) {
  let said
  try {
    said = await check(JSON.parse(line))
  } catch (error) {
    said = { refused: error.message, stack: error.stack }
  }
  process.stdout.write(`${JSON.stringify(said)}\n`)
}
process.exit(0)
