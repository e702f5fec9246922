// A child of the crash tests: tells bodies to the built engine in a directory, several at a time, and says
// on stdout, unbuffered, which were sent and which were answered, or why not. argv: directory, seed, bodies.
import { writeSync } from 'node:fs'
import { openZone } from '../../dist/ledger/day.js'
import { openEmbedded } from '../../dist/store/embedded/store.js'
import { appOf, toldBy } from './bodies.mjs'

const [, , dir, seed, bodies] = process.argv
const atOnce = 3
const say = (text) => writeSync(1, `${text}\n`)

const store = await openEmbedded({ dir, keepDays: 31, thread: true })
const zone = openZone('Asia/Shanghai')
let next = 0
const tellOn = async () => {
  while (next < Number(bodies)) {
    const number = next
    next += 1
    const nowMs = Date.now()
    say(`sent ${number}`)
    try {
      await store.append({ id: appOf(number), zone }, toldBy(Number(seed), number, nowMs), nowMs)
      say(`answered ${number}`)
    } catch (error) {
      say(`refused ${number} ${error.fault ?? error.message}`)
    }
  }
}
await Promise.all(Array.from({ length: atOnce }, tellOn))
await store.close()
say('closed')
