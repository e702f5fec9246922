// The files of a ledger are removed, replaced, overwritten or cut under a running server that is being sent events. No
// body that was sent after that is answered 200, all that was answered before is in the file that the server had
// open, and the server ends by itself. FILES_RUNS sets how often each accident happens, FILES_SEED when.
import {
  copyFileSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openZone } from '../../src/ledger/day.ts'
import { parseAppKey, parseMsgId } from '../../src/ledger/ids.ts'
import { openEmbedded } from '../../src/store/embedded/store.ts'
import { type Caller, callerOf } from '../support/caller.ts'
import { type Credentials, type Server, type Workplace, workplace } from '../support/program.ts'
import { randomOf } from '../support/random.ts'
import { tell } from '../support/tally.ts'
import { until } from '../support/until.ts'

/** Half of the accidents, once, unless it is set. */
const given = process.env['FILES_RUNS']
const runs = Number(given ?? 1)
const seed = Number(process.env['FILES_SEED'] ?? 1)
const connections = 6
const devicesEach = 20
const noticedWithinMs = 20_000

interface Accident {
  readonly what: string
  happen(dir: string): void
  /** What stderr says at the end; undefined if LMDB may end the process first, by a signal. */
  readonly sentence?: RegExp
  /** Whether what was answered can still be looked for. */
  readonly isKept: boolean
}

const ledger = (dir: string) => join(dir, 'ledger.mdb')
const lock = (dir: string) => join(dir, 'ledger.mdb-lock')
/** A copy of the ledger before anything was sent to it. */
const backup = (dir: string) => join(dir, 'backup.mdb')

const accidents: readonly Accident[] = [
  {
    what: 'the ledger is removed',
    happen: (dir) => rmSync(ledger(dir)),
    sentence: /ledger\.mdb was removed/,
    isKept: true,
  },
  {
    what: 'a backup is moved into its place',
    happen: (dir) => renameSync(backup(dir), ledger(dir)),
    sentence: /ledger\.mdb was replaced/,
    isKept: true,
  },
  {
    what: 'a backup is written over it',
    happen: (dir) => copyFileSync(backup(dir), ledger(dir)),
    isKept: false,
  },
  { what: 'it is emptied', happen: (dir) => truncateSync(ledger(dir)), isKept: false },
  { what: 'it loses its end', happen: (dir) => truncateSync(ledger(dir), 16_384), isKept: false },
  {
    what: 'it is overwritten with something longer',
    happen: (dir) => writeFileSync(ledger(dir), Buffer.alloc(2 ** 23, 'x')),
    isKept: false,
  },
  {
    what: 'all files beside it are removed',
    happen: (dir) => rmSync(lock(dir)),
    sentence: /ledger\.mdb-lock was removed/,
    isKept: true,
  },
  {
    what: 'the lock file is replaced',
    happen: (dir) => {
      copyFileSync(lock(dir), join(dir, 'lock'))
      renameSync(join(dir, 'lock'), lock(dir))
    },
    sentence: /ledger\.mdb-lock was replaced/,
    isKept: true,
  },
]

interface Sent {
  readonly msgId: string
  readonly sentAtMs: number
  status: number
}

/** Sends bodies, each of a message of its own, until the server is gone. */
const sendOn = async (caller: Caller, connection: number, sent: Sent[]): Promise<void> => {
  for (let i = 1; ; i++) {
    const msgId = `${connection + 1}${String(i).padStart(6, '0')}`
    const registration_ids = Array.from({ length: devicesEach }, (_, d) => `${msgId}-${d}`)
    const body: Sent = { msgId, sentAtMs: performance.now(), status: 0 }
    sent.push(body)
    try {
      const line = { type: 'received', platform: 'android', msg_id: msgId, registration_ids }
      body.status = (await caller.tell([line])).status
    } catch {
      return
    }
  }
}

/** How many of the messages are not in a ledger as they were sent. */
const missingIn = async (path: string, app: Credentials, msgIds: readonly string[]) => {
  const place = workplace()
  linkSync(path, ledger(place.dir))
  const store = await openEmbedded({ dir: place.dir, thread: false })
  try {
    const record = await store.apps.find(parseAppKey(app.key)!)
    const asked = { id: record?.id ?? 0, zone: openZone('Asia/Shanghai')! }
    const ids = msgIds.map((id) => parseMsgId(id)!)
    const counts = await store.counts(asked, ids, Date.now())
    return counts.filter((sizes) => Math.max(...Array.from(sizes)) !== devicesEach).length
  } finally {
    await store.close()
  }
}

/** Starts a second server on the directory. Throws if it serves while the first one lives. */
const startBeside = async (place: Workplace, first: Server): Promise<void> => {
  const over: string[] = []
  void first.ended.then(() => over.push('first'))
  const second = place.start(['serve', '--port', '0'])
  void second.ended.then(() => over.push('second'))
  const isServing = () => /listens on/.test(second.stdout())
  await until('it serves, or is refused', () => isServing() || over.includes('second'), 30_000)
  if (isServing() && !over.includes('first')) throw new Error('two servers serve one directory')
  second.kill('SIGKILL')
  await second.ended
}

/** Waits for its end, and ends it where it goes on for too long. */
const ofItself = async (server: Server): Promise<void> => {
  let isOver = false
  void server.ended.then(() => {
    isOver = true
  })
  await until('the server ends', () => isOver, noticedWithinMs).catch(() => server.stop('SIGKILL'))
}

describe.each(accidents.filter((_, i) => given !== undefined || i % 2 === 0))(
  '$what',
  ({ happen, sentence, isKept, what }) => {
    const random = randomOf(seed + accidents.findIndex((accident) => accident.what === what))

    it(`${runs} times (FILES_SEED=${seed})`, { timeout: 60_000 * runs }, async () => {
      const figures = { accidents: 0, bodiesAnswered: 0, answeredAfter: 0, lost: 0, endedMs: 0 }
      for (let run = 0; run < runs; run++) {
        const place = workplace()
        const app = await place.createApp('shop')
        copyFileSync(ledger(place.dir), backup(place.dir))
        const server = await place.serve()
        // The name by which the file is found again after it was removed.
        mkdirSync(join(place.dir, 'kept'))
        linkSync(ledger(place.dir), join(place.dir, 'kept', 'ledger'))
        const caller = callerOf(server.url, app)
        const sent: Sent[] = []
        const sending = Array.from({ length: connections }, (_, i) => sendOn(caller, i, sent))
        const answered = () => sent.filter(({ status }) => status === 200)
        const before = random.int(1, 120)
        await until('bodies are answered', () => answered().length >= before, 30_000)
        happen(place.dir)
        const happenedAtMs = performance.now()
        if (what === 'all files beside it are removed') await startBeside(place, server)
        await ofItself(server)
        const endedMs = performance.now() - happenedAtMs
        const { code, stderr } = await server.ended
        await Promise.all(sending)
        const late = answered().filter(({ sentAtMs }) => sentAtMs > happenedAtMs)
        const early = answered().map(({ msgId }) => msgId)
        const lost = isKept ? await missingIn(join(place.dir, 'kept', 'ledger'), app, early) : 0
        figures.accidents += 1
        figures.bodiesAnswered += early.length
        figures.answeredAfter += late.length
        figures.lost += lost
        figures.endedMs = Math.max(figures.endedMs, endedMs)
        await place.close()
        expect(figures).toMatchObject({ answeredAfter: 0, lost: 0 })
        expect(figures.endedMs).toBeLessThan(noticedWithinMs)
        expect(code).not.toBe(0)
        if (sentence !== undefined) {
          expect([code, stderr]).toEqual([1, expect.stringMatching(sentence)])
        }
      }
      tell(figures)
    })
  },
)

it('a server to which nothing is sent says so too, and is not ready', async () => {
  const place = workplace()
  await place.createApp('shop')
  const server = await place.serve()
  rmSync(ledger(place.dir))
  const { code, stderr } = await server.ended
  expect([code, stderr]).toEqual([1, expect.stringMatching(/ledger\.mdb was removed/)])
  // And it does not begin an empty ledger when it is started again.
  expect(await place.run(['serve', '--port', '0'])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/ledger\.mdb is missing/),
  })
})
