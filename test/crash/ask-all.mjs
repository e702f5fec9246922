// A child of damage.test.ts: for each damaged copy of a ledger that it is told of on stdin, opens the copy
// with the built engine, asks everything, and writes what came, a line each. It may die at any of them.
import { createInterface } from 'node:readline'
import { openZone } from '../../dist/ledger/day.js'
import { openLedger } from '../../dist/store/open.js'
import { damage } from './damage-file.mjs'

const attempt = async (work) => {
  try {
    return await work()
  } catch (error) {
    return { fault: error.fault ?? error.name }
  }
}

const askAll = async (dir, { apps, msgIds, devices, nowMs, day }) => {
  const ledger = await openLedger({ dir, keepDays: 31 })
  const answers = {}
  for (const id of apps) {
    const app = { id, zone: openZone('Asia/Shanghai') }
    for (const msgId of msgIds) {
      const [counts] = await attempt(() => ledger.ledger.counts(app, [msgId], nowMs)).then((c) =>
        'fault' in c ? [c] : c,
      )
      answers[`${id} counts ${msgId}`] = 'fault' in counts ? counts : Array.from(counts)
    }
    for (const msgId of msgIds.slice(0, 4)) {
      const ask = { msgId, devices, asOf: day, nowMs }
      answers[`${id} statuses ${msgId}`] = await attempt(() => ledger.ledger.statuses(app, ask))
    }
    const slots = Array.from({ length: 3 }, (_, i) => ({ unit: 'DAY', day: day - i }))
    answers[`${id} users`] = await attempt(() => ledger.ledger.users(app, slots))
  }
  await ledger.close()
  return answers
}

for await (const line of createInterface({ input: process.stdin })) {
  const told = JSON.parse(line)
  if (told.damage !== undefined) damage(told.damage)
  const said = await attempt(() => askAll(told.dir, told.questions))
  process.stdout.write(`${JSON.stringify(said)}\n`)
}
process.exit(0)
