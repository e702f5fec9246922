// Bytes change on the disk, anywhere in the file, or its end is lost. No report may then be a wrong number
// without `verify` naming what is wrong; the process may end only on damage that `verify` names too.
import { rmSync, statSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cellOf } from '../../src/ledger/channel.ts'
import { openZone } from '../../src/ledger/day.ts'
import { deviceListOf, type ToldEvent } from '../../src/ledger/event-batch.ts'
import {
  parseAppKey,
  parseMsgId,
  parseRegistrationId,
  type RegistrationId,
} from '../../src/ledger/ids.ts'
import type { App } from '../../src/ledger/store.ts'
import { backUpDirectory } from '../../src/store/backup.ts'
import { openEmbedded } from '../../src/store/embedded/store.ts'
import { verifyDirectory } from '../../src/store/verify.ts'
import { randomOf } from '../support/random.ts'
import { tell } from '../support/tally.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { attemptEach } from './attempts.ts'
import { damage as damageCopy } from './damage-file.mjs'

const seed = Number(process.env['DAMAGE_SEED'] ?? 5)
const flips = Number(process.env['DAMAGE_FLIPS'] ?? 60)
const cuts = Number(process.env['DAMAGE_CUTS'] ?? 20)

const nowMs = Date.now()
const zone = openZone('Asia/Shanghai')!
const day = zone.dayOf(nowMs)
const apps: readonly App[] = [
  { id: 1, zone },
  { id: 2, zone },
]
const deviceOf = (i: number) => parseRegistrationId(`device-${i}`)!
const chats = Array.from({ length: 150 }, (_, i) => String(1000 + i))
const questions = {
  apps: apps.map(({ id }) => id),
  msgIds: ['1', '2', '3', ...chats],
  devices: Array.from({ length: 200 }, (_, i) => deviceOf(i * 17)),
  nowMs,
  day,
}

const { path: dir, remove } = makeTempDir()
const sound = `${dir}/sound`

type Told = Omit<Extract<ToldEvent, { about: 'message' }>, 'from' | 'to' | 'about' | 'atMs'>

/** Broadcasts whose devices are told in random order, chats of one device, and users. */
const fill = async (): Promise<void> => {
  const store = await openEmbedded({ dir: sound, keepDays: 31, thread: false })
  for (const { id } of apps) {
    const key = parseAppKey(String(id).repeat(24))!
    const named = { key, name: 'a', vip: true, timeZone: zone.name, createdAtMs: nowMs }
    await store.apps.create({ ...named, salt: '00', secretHash: 'ab' })
  }
  const random = randomOf(seed)
  const append = (app: App, ids: readonly RegistrationId[], events: readonly ToldEvent[]) =>
    store.append(
      app,
      {
        devices: deviceListOf(ids),
        eventOf: new Uint32Array(ids.length),
        events,
      },
      nowMs,
    )
  const tell = (app: App, ids: readonly RegistrationId[], told: Told) =>
    append(app, ids, [{ about: 'message', ...told, atMs: nowMs }])
  for (const app of apps) {
    const all = random.shuffle(Array.from({ length: 4000 }, (_, i) => deviceOf(i)))
    for (const [i, stage] of (['target', 'sent', 'received', 'click'] as const).entries()) {
      const cell = cellOf('android', i % 2 ? 'xm' : 'jpush', 'notification', stage)!
      for (const id of ['1', '2', '3']) {
        await tell(app, random.sample(all, 1 / (i + 1)), { msgId: parseMsgId(id)!, cell })
      }
    }
    const cell = cellOf('ios', 'apns', 'notification', 'received')!
    for (const id of chats) await tell(app, [random.pick(all)], { msgId: parseMsgId(id)!, cell })
    for (const about of ['register', 'online', 'active'] as const) {
      const some = random.sample(all, 0.5)
      const at = { platform: 'android', atMs: nowMs, from: 0, to: some.length } as const
      await append(app, some, [{ about, ...at }])
    }
  }
  await store.close()
}

interface Damage {
  readonly at?: number
  readonly mask?: number
  readonly cutTo?: number
}
type Said = Readonly<Record<string, unknown>>

/**
 * What came of each; undefined where the process ended. Each has a process of its own, because damage may
 * harm the memory of one that only ends when it is asked for the next.
 */
const askEach = async (damages: readonly Damage[]): Promise<(Said | undefined)[]> => {
  const said: (Said | undefined)[] = []
  let next = 0
  const askSome = async (to: string): Promise<void> => {
    for (let i = next++; i < damages.length; i = next++) {
      const damage = { from: sound, dir: to, ...damages[i] }
      const [came] = await attemptEach<Said>('ask-all.mjs', [{ dir: to, damage, questions }])
      said[i] = came
    }
  }
  await Promise.all([askSome(`${dir}/copy-1`), askSome(`${dir}/copy-2`)])
  return said
}

let baseline: Said = {}
beforeAll(async () => {
  await fill()
  baseline = (await askEach([{}]))[0] ?? {}
}, 60_000)
afterAll(remove)

/** The questions whose answers are neither as before nor a fault; status 4 says that it is not known. */
const wrongOf = (said: Said): string[] => {
  if ('fault' in said) return []
  return Object.entries(said).flatMap(([question, answer]) => {
    if (answer === null || (typeof answer === 'object' && 'fault' in answer)) return []
    const before = baseline[question]
    const isStatus = question.includes('statuses') && Array.isArray(answer)
    const isRight = isStatus
      ? answer.every((status, i) => status === 4 || status === (before as number[])[i])
      : JSON.stringify(answer) === JSON.stringify(before)
    return isRight ? [] : [question]
  })
}

const findingsOf = async (damage: Damage): Promise<number> => {
  const to = `${dir}/verified`
  damageCopy({ from: sound, dir: to, ...damage })
  const { findings } = await verifyDirectory(to, nowMs, () => {})
  if (findings > 0) return findings
  // What only says which room is free is not read by verify, but counted by a copy.
  const copy = `${dir}/copied`
  rmSync(copy, { recursive: true, force: true })
  return backUpDirectory(to, copy).then(
    () => 0,
    () => 1,
  )
}

interface Tally {
  right: number
  refused: number
  died: number
  wrong: number
  readonly unnamed: Damage[]
}

const judge = async (damages: readonly Damage[]): Promise<Tally> => {
  const tally: Tally = { right: 0, refused: 0, died: 0, wrong: 0, unnamed: [] }
  const said = await askEach(damages)
  for (const [i, damage] of damages.entries()) {
    const answer = said[i]
    const wrong = answer === undefined ? [] : wrongOf(answer)
    if (answer === undefined) tally.died += 1
    else if (wrong.length > 0) tally.wrong += 1
    else if (JSON.stringify(answer) === JSON.stringify(baseline)) tally.right += 1
    else tally.refused += 1
    const isBad = answer === undefined || wrong.length > 0
    if (isBad && (await findingsOf(damage)) === 0) tally.unnamed.push(damage)
  }
  return tally
}

const toldOf = ({ unnamed, ...counts }: Tally, kind: string, count: number) => ({
  [kind]: count,
  answersChecked: count * Object.keys(baseline).length,
  ...counts,
  unnamed: unnamed.length,
})

describe('damage is found', { timeout: 60_000 + (flips + cuts) * 3000 }, () => {
  it('on a sound copy, nothing', async () => {
    expect(Object.keys(baseline).length).toBe(2 * (153 + 4 + 1))
    expect(await findingsOf({})).toBe(0)
  })

  it(`where bytes are changed anywhere (DAMAGE_SEED=${seed})`, async () => {
    const random = randomOf(seed)
    const bytes = statSync(`${sound}/ledger.mdb`).size
    const damages = Array.from({ length: flips }, () => ({
      at: random.int(0, bytes - 1),
      mask: random.chance(0.5) ? 1 << random.int(0, 7) : random.int(1, 255),
    }))
    const tally = await judge(damages)
    tell(toldOf(tally, 'flips', flips))
    expect(tally.unnamed).toEqual([])
    expect(tally.right).toBeGreaterThan(0)
  })

  it('where the end is lost', async () => {
    const pages = statSync(`${sound}/ledger.mdb`).size / 4096
    const random = randomOf(seed)
    const damages = Array.from({ length: cuts }, (_, i) => ({
      cutTo: i % 3 === 0 ? random.int(1, pages * 4096) : random.int(1, pages - 1) * 4096,
    }))
    const tally = await judge(damages)
    tell(toldOf(tally, 'cuts', cuts))
    expect(tally.unnamed).toEqual([])
    expect(tally.wrong).toBe(0)
  })
})
