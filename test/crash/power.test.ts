// Loss of power, at any moment: all that the engine wrote and synced while bodies were told is recorded, and
// replayed as a disk may have kept it: everything up to the last sync, and of what was written since
// nothing, all, or any of its sectors. Each such file must open and hold what was answered, of each
// body all or nothing, and nothing that was not sent yet.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { haveProgram } from '../support/debian.ts'
import { type Random, randomOf } from '../support/random.ts'
import { tell } from '../support/tally.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { attemptEach } from './attempts.ts'
import { type DiskEvent, traceDisk } from './disk-trace.ts'
import { complaintsOf, type Held, type Promised } from './held.ts'

const seed = Number(process.env['POWER_SEED'] ?? 1)
/** How many of the states that the disk may be left in; all of them where it is 0. */
const statesMax = Number(process.env['POWER_STATES'] ?? 60)
const bodies = Number(process.env['POWER_BODIES'] ?? 40)
const sectorBytes = 512
const statesAtOnce = 50

type Write = Extract<DiskEvent, { kind: 'write' }>

/** What is on the disk, and what was promised, at one moment. */
interface State extends Promised {
  readonly disk: Buffer
  readonly what: string
}

const written = (disk: Buffer, writes: readonly { at: number; bytes: Buffer }[]): Buffer => {
  const end = Math.max(disk.length, ...writes.map(({ at, bytes }) => at + bytes.length))
  const grown = Buffer.alloc(end)
  disk.copy(grown)
  for (const { at, bytes } of writes) bytes.copy(grown, at)
  return grown
}

const sectorsOf = ({ at, bytes }: Write): { at: number; bytes: Buffer }[] =>
  Array.from({ length: Math.ceil(bytes.length / sectorBytes) }, (_, i) => ({
    at: at + i * sectorBytes,
    bytes: bytes.subarray(i * sectorBytes, (i + 1) * sectorBytes),
  }))

function* statesOf(events: readonly DiskEvent[], random: Random): Generator<State> {
  let disk: Buffer = Buffer.alloc(0)
  let pending: Write[] = []
  const sent = new Set<number>()
  const answered = new Set<number>()
  for (const [i, event] of events.entries()) {
    if (event.kind === 'said') {
      const [, word, number] = /^(\w+) ?(\d*)/.exec(event.text) ?? []
      if (word === 'sent') sent.add(Number(number))
      if (word === 'answered') answered.add(Number(number))
      continue
    }
    const at = (what: string, kept: Buffer): State => ({
      disk: kept,
      what: `event ${i}, ${what}`,
      sent: new Set(sent),
      answered: new Set(answered),
    })
    if (event.kind === 'sync') {
      disk = written(disk, pending)
      pending = []
      yield at('synced', disk)
      continue
    }
    const unsure = [...pending, event]
    yield at('nothing since the last sync', disk)
    yield at('everything', written(disk, unsure))
    for (const share of [0.1, 0.5, 0.9]) {
      const some = random.sample(unsure.flatMap(sectorsOf), share)
      yield at(`${share} of the sectors`, written(disk, some))
    }
    yield at('the last one alone', written(disk, [event]))
    if (event.isSynced) disk = written(disk, [event])
    else pending = unsure
  }
}

const draw = (states: readonly State[], random: Random): readonly State[] =>
  statesMax === 0 ? states : random.shuffle(states).slice(0, statesMax)

describe.skipIf(!haveProgram('strace'))('loss of power', { timeout: 3_600_000 }, () => {
  it(`keeps what was answered (POWER_SEED=${seed})`, async () => {
    const { path: dir, remove } = makeTempDir()
    const teller = fileURLToPath(new URL('teller.mjs', import.meta.url))
    const command = [process.execPath, teller, `${dir}/told`, String(seed), String(bodies)]
    const events = traceDisk(command, `${dir}/trace`)
    const random = randomOf(seed)
    const states = draw([...statesOf(events, random)], random)
    const complaints: string[] = []
    for (let from = 0; from < states.length; from += statesAtOnce) {
      const some = states.slice(from, from + statesAtOnce)
      const pieces = some.map(({ disk }, i) => {
        const at = `${dir}/state-${i}`
        rmSync(at, { recursive: true, force: true })
        mkdirSync(at)
        writeFileSync(`${at}/ledger.mdb`, disk)
        return { dir: at, seed, bodies }
      })
      for (const [i, said] of (await attemptEach<Held>('held.mjs', pieces)).entries()) {
        const state = some[i]
        if (state === undefined) continue
        complaints.push(...complaintsOf(seed, state, said).map((why) => `${state.what}: ${why}`))
      }
    }
    tell({
      writes: events.filter(({ kind }) => kind === 'write').length,
      syncs: events.filter(({ kind }) => kind === 'sync').length,
      states: states.length,
      bodiesChecked: states.length * bodies,
      lost: complaints.filter((why) => why.includes(': lost: ')).length,
      phantom: complaints.filter((why) => why.includes(': phantom: ')).length,
      otherComplaints: complaints.filter((why) => !/: (lost|phantom): /.test(why)).length,
    })
    expect(states.length).toBeGreaterThan(20)
    expect(complaints).toEqual([])
    remove()
  })
})
