// Registration ids of up to 512 bytes: stored, found again after a restart, and never expensive to add to.
import fc from 'fast-check'
import { expect, it, onTestFinished } from 'vitest'
import { makeTempDir } from '../../../test/support/temp-dir.ts'
import { device, devices, msgId, told } from '../../../test/support/told.ts'
import { openZone } from '../../ledger/day.ts'
import type { RegistrationId } from '../../ledger/ids.ts'
import type { App } from '../../ledger/store.ts'
import { openEnvironment } from './lmdb/environment.ts'
import { openContents } from './query/dump.ts'
import { openEmbedded } from './store.ts'

const zone = openZone('Asia/Shanghai')!
const nowMs = Date.parse('2024-05-20T12:00:00+08:00')
const app: App = { id: 1, zone }
const push = { msgId: msgId(7), platform: 'android', stage: 'received', atMs: nowMs } as const

const opened = async (dir: string, onCommit?: (bytes: number) => void) => {
  const observer = onCommit && { onCommit: ({ bytes }: { bytes: number }) => onCommit(bytes) }
  const store = await openEmbedded({ dir, thread: false, ...observer })
  onTestFinished(() => store.close())
  return store
}

const newDir = () => {
  const dir = makeTempDir()
  onTestFinished(dir.remove)
  return dir.path
}

const statusesIn = (dir: string, ids: readonly RegistrationId[]) =>
  opened(dir).then(async (store) => {
    const ask = { msgId: push.msgId, devices: ids, asOf: zone.dayOf(nowMs), nowMs }
    const statuses = await store.statuses(app, ask)
    await store.close()
    return statuses
  })

it('are found after a restart, in the order in which they came', async () => {
  const id = fc
    .oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 245, max: 512 }))
    .chain((length) => fc.string({ unit: 'binary-ascii', minLength: length, maxLength: length }))
    .map((text) => text.replaceAll(/[^ -~]/g, 'x'))
  const some = fc.uniqueArray(id, { minLength: 1, maxLength: 120 })
  await fc.assert(
    fc.asyncProperty(fc.array(some, { minLength: 1, maxLength: 3 }), async (bodies) => {
      const dir = makeTempDir()
      try {
        const known = new Set<RegistrationId>()
        for (const body of bodies) {
          const store = await openEmbedded({ dir: dir.path, thread: false })
          const ids = body.map(device)
          for (const each of ids) known.add(each)
          await store.append(app, told({ ...push, devices: ids }), nowMs)
          await store.close()
        }
        const environment = openEnvironment(dir.path)
        const stored = [...openContents(environment).devices(app.id)].flat()
        await environment.close()
        expect(stored.map((each) => each.device)).toEqual([...known])
      } finally {
        dir.remove()
      }
    }),
    { numRuns: 10 },
  )
})

it('cost a commit what a block has, and no more', async () => {
  const dir = newDir()
  const bytes: number[] = []
  const store = await opened(dir, (each) => bytes.push(each))
  const many = devices(3_000).map((id) => device(id.padEnd(512, '-')))
  await store.append(app, told({ ...push, devices: many }), nowMs)
  const next = device('next'.padEnd(512, '-'))
  await store.append(app, told({ ...push, devices: [next] }), nowMs)
  expect(bytes[0]).toBeGreaterThan(many.length * 512)
  expect(bytes[1]).toBeLessThan(40_000)
  await store.close()
  const stranger = device('next'.padEnd(511, '-'))
  const asked = [...many.slice(0, 900), next, stranger]
  expect(await statusesIn(dir, asked)).toEqual(asked.map((id) => (id === stranger ? 2 : 0)))
})
