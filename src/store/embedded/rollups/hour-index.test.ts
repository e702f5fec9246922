// The list of messages beside a plain set: whatever is added and removed in whatever order, it reads the
// same, last first, in stretches of any length.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { makeTempDir } from '../../../../test/support/temp-dir.ts'
import type { MsgId } from '../../../ledger/ids.ts'
import { pageBodyBytesMax } from '../lmdb/bytes.ts'
import { type Environment, openEnvironment } from '../lmdb/environment.ts'
import { listed } from '../lmdb/key.ts'
import { eachWrite, WriteSet } from '../lmdb/write-batch.ts'
import { isListed, ListChanges, type ListPlace, lastListed } from './hour-index.ts'

const appId = 7
type Change = readonly [hour: number, id: bigint, isListed: boolean]

const withEnvironment = async (work: (environment: Environment) => void): Promise<void> => {
  const dir = makeTempDir()
  const environment = openEnvironment(dir.path)
  try {
    work(environment)
  } finally {
    await environment.close()
    dir.remove()
  }
}

const commit = (environment: Environment, changes: readonly Change[]): void => {
  const list = new ListChanges(appId, environment)
  for (const [hour, id, isAdded] of changes) {
    const msgId = String(id) as MsgId
    if (isAdded) list.add(hour, msgId)
    else list.remove(hour, msgId)
  }
  const out = new WriteSet()
  for (const _ of list.write(out));
  environment.change(() =>
    eachWrite(out.cut(), (key, value) => {
      if (value === undefined) environment.db.removeSync(key)
      else environment.db.putSync(key, Buffer.from(value))
    }),
  )
  environment.refresh()
}

/** As `hour id`, the last first. */
const walk = (
  environment: Environment,
  limit = 256,
  hours = { from: 0, to: 9 },
  before?: ListPlace,
): readonly string[] => {
  const found: string[] = []
  for (let place = before; ; ) {
    const stretch = lastListed(environment, appId, hours, place, limit)
    if (stretch === undefined) return found
    expect(stretch.ids.length).toBeLessThanOrEqual(limit)
    found.push(...stretch.ids.map((id) => `${stretch.hour} ${id}`))
    place = stretch.first
  }
}

/** What a walk over a set of `hour id` meets. */
const sorted = (set: ReadonlySet<string>): readonly string[] => {
  const places = [...set].map((name): [number, bigint] => {
    const [hour = '', id = ''] = name.split(' ')
    return [Number(hour), BigInt(id)]
  })
  places.sort(([hourA, idA], [hourB, idB]) => hourB - hourA || (idB > idA ? 1 : -1))
  return places.map(([hour, id]) => `${hour} ${id}`)
}

const bodies = (environment: Environment): readonly number[] =>
  environment.keysIn(listed(appId), 10_000).map((key) => environment.read(key)?.length ?? 0)

// Close together, far apart, and at both ends of what a number may be.
const idMax = 2n ** 63n - 1n
const anId = fc.oneof(
  fc.bigInt(1n, 40n),
  fc.bigInt(2n ** 53n - 20n, 2n ** 53n + 20n),
  fc.bigInt(1n, idMax),
  fc.constantFrom(idMax, idMax - 1n),
)
const aChange = fc.tuple(fc.integer({ min: 1, max: 3 }), anId, fc.boolean())
const commits = fc.array(fc.array(aChange, { maxLength: 30 }), { maxLength: 8 })

it('reads as a set of the same places does, last first', () =>
  withEnvironment((environment) => {
    fc.assert(
      fc.property(commits, fc.integer({ min: 1, max: 5 }), (told, limit) => {
        const set = new Set<string>()
        for (const changes of told) {
          // The last word on a place counts.
          commit(environment, changes)
          for (const [hour, id, isAdded] of changes) {
            if (isAdded) set.add(`${hour} ${id}`)
            else set.delete(`${hour} ${id}`)
          }
        }
        const all = sorted(set)
        expect(walk(environment, limit)).toEqual(all)
        const within = { from: 2, to: 2 }
        expect(walk(environment, limit, within)).toEqual(all.filter((name) => name[0] === '2'))
        for (const [hour, id] of told.flat()) {
          const msgId = String(id) as MsgId
          expect(isListed(environment, appId, hour, msgId)).toBe(set.has(`${hour} ${id}`))
        }
        commit(
          environment,
          all.map((name) => {
            const [hour, id] = name.split(' ')
            return [Number(hour), BigInt(id ?? 0), false]
          }),
        )
        expect(bodies(environment)).toEqual([])
      }),
      { numRuns: 40 },
    )
  }))

it('splits blocks that grow too long, wherever it is told', () =>
  withEnvironment((environment) => {
    const count = 20_000
    const step = 1_000_003n
    const ids = Array.from({ length: count }, (_, i) => step * BigInt(((i * 7919) % count) + 1))
    for (let from = 0; from < count; from += 2_500) {
      commit(
        environment,
        ids.slice(from, from + 2_500).map((id) => [5, id, true]),
      )
    }
    const lengths = bodies(environment)
    expect(Math.max(...lengths)).toBeLessThanOrEqual(pageBodyBytesMax)
    // Three bytes a number.
    expect(lengths.length).toBeLessThan((count * 3) / (pageBodyBytesMax / 2))
    expect(walk(environment)).toEqual(sorted(new Set(ids.map((id) => `5 ${id}`))))
    const behind = walk(environment, 100, { from: 0, to: 9 }, { hour: 5, id: step * 12n + 1n })
    expect(behind).toEqual(Array.from({ length: 12 }, (_, i) => `5 ${step * BigInt(12 - i)}`))
  }))
