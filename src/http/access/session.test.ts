// What of sessions cannot be seen from outside: how many are kept, what they are kept by, and that one
// which ends while it is looked at stays ended. The rest is in test/api.
import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import type { AppRecord } from '../../apps/app-table.ts'
import type { Apps } from '../../apps/apps.ts'
import { parseAppKey } from '../../ledger/ids.ts'
import { openSessions } from './session.ts'

const recordOf = (id: number): AppRecord => ({
  id,
  key: parseAppKey(id.toString(16).padStart(24, '0'))!,
  name: 'test',
  vip: true,
  timeZone: 'Asia/Shanghai',
  salt: '',
  secretHash: `${id}`,
  createdAtMs: 0,
})

/** Apps of which only these are looked at; `show` may take its time. */
const appsWith = (show: (key: string) => Promise<AppRecord | undefined>): Apps =>
  ({ show, open: ({ id }: AppRecord) => ({ id }) }) as unknown as Apps

const open = () => {
  const records = new Map(Array.from({ length: 10_002 }, (_, i) => [recordOf(i).key, recordOf(i)]))
  return openSessions(
    appsWith(async (key) => records.get(key as AppRecord['key'])),
    randomBytes,
  )
}

it('keeps ten thousand, and ends the one longest unused first', async () => {
  const sessions = open()
  const tokens = Array.from({ length: 10_000 }, (_, i) => sessions.begin(recordOf(i), 0))
  const isKept = async (i: number) =>
    (await sessions.authenticate(recordOf(i).key, tokens[i]!, 0)) !== undefined
  expect(await isKept(0)).toBe(true)
  sessions.begin(recordOf(10_000), 0)
  expect([await isKept(0), await isKept(1), await isKept(2)]).toEqual([true, false, true])
})

it('of one app pushes out none of another', async () => {
  const sessions = open()
  const token = sessions.begin(recordOf(1), 0)
  for (let i = 0; i < 1000; i++) sessions.begin(recordOf(2), 0)
  const caller = await sessions.authenticate(recordOf(1).key, token, 0)
  expect(caller?.record.key).toBe(recordOf(1).key)
})

it('gives tokens of 256 bits that are never the same', () => {
  const sessions = open()
  const tokens = Array.from({ length: 200 }, () => sessions.begin(recordOf(1), 0))
  expect(new Set(tokens).size).toBe(200)
  for (const token of tokens) expect(Buffer.from(token, 'base64url')).toHaveLength(32)
})

it('does not come back when it ends while it is looked at', async () => {
  let answer = (_: AppRecord) => {}
  const slow = () =>
    new Promise<AppRecord>((resolve) => {
      answer = resolve
    })
  const sessions = openSessions(appsWith(slow), randomBytes)
  const record = recordOf(1)
  const token = sessions.begin(record, 0)
  const looked = sessions.authenticate(record.key, token, 0)
  sessions.end(token)
  answer(record)
  expect(await looked).toBeUndefined()
  expect(await sessions.authenticate(record.key, token, 0)).toBeUndefined()
})
