// A child of the crash tests: tells bodies to the built engine in a directory, several at a time, and says
// on stdout, unbuffered, which were sent and which were answered, or why not. argv: directory, seed, bodies,
// and how many writes and syncs of this thread shall be wasted first, that one of the writer's may fail.
import { fdatasyncSync, mkdirSync, openSync, writeSync, writevSync } from 'node:fs'
import { openZone } from '../../dist/ledger/day.js'
import { openEmbedded } from '../../dist/store/embedded/store.js'
import { appOf, toldBy } from './bodies.mjs'

const [, , dir, seed, bodies, wasted = 0] = process.argv
const atOnce = 3
const say = (text) => writeSync(1, `${text}\n`)

/** Of no bytes: whether one fails is all the same. */
const waste = (write) => {
  try {
    write()
  } catch {}
}
if (wasted > 0) {
  mkdirSync(dir, { recursive: true })
  const file = openSync(`${dir}/ledger.mdb`, 'a+')
  for (let i = 0; i < wasted; i++) {
    waste(() => writeSync(file, Buffer.alloc(1), 0, 0, 0))
    waste(() => writevSync(file, [Buffer.alloc(0)]))
    waste(() => fdatasyncSync(file))
  }
}

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
