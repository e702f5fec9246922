// What tokens leave in the file: nothing, once they or their app are gone.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeTempDir } from '../../../../test/support/temp-dir.ts'
import { parseTokenId } from '../../../apps/token.ts'
import { parseAppKey } from '../../../ledger/ids.ts'
import { Damage } from '../lmdb/bytes.ts'
import { type Environment, openEnvironment } from '../lmdb/environment.ts'
import { tokenKey } from '../lmdb/key.ts'
import { openEmbeddedApps } from './apps.ts'
import { openEmbeddedTokens } from './tokens.ts'

let dir: ReturnType<typeof makeTempDir>
let environment: Environment
beforeEach(() => {
  dir = makeTempDir()
  environment = openEnvironment(dir.path)
})
afterEach(async () => {
  await environment.close()
  dir.remove()
})

const key = parseAppKey('a'.repeat(24))!
const ids = ['0', '1', 'f'].map((digit) => parseTokenId(digit.repeat(12))!)
const hashed = { salt: '00', secretHash: 'ff', createdAtMs: 0 }

const start = async () => {
  const [apps, tokens] = [openEmbeddedApps(environment), openEmbeddedTokens(environment)]
  const app = (await apps.create({ key, name: 'a', vip: true, timeZone: 'UTC', ...hashed }))!
  for (const id of ids) await tokens.create({ id, app: key, name: 'g', ...hashed }, 100)
  return { apps, tokens, app }
}

/** How many entries begin with the byte of a token, or of its place in an app. */
const keysOfTokens = (): readonly number[] => {
  environment.refresh()
  return [4, 5].map((tag) => {
    const range = { start: Uint8Array.of(tag), end: Uint8Array.of(tag + 1) }
    return environment.keysIn(range, 1000).length
  })
}

it('each takes two entries, and gives both back', async () => {
  const { tokens } = await start()
  expect(keysOfTokens()).toEqual([3, 3])
  await tokens.remove(ids[1]!)
  await tokens.use(ids[1]!, 1)
  expect(keysOfTokens()).toEqual([2, 2])
})

it('an app leaves none', async () => {
  const { apps, tokens } = await start()
  const using = ids.map((id) => tokens.use(id, 1))
  await apps.remove(key)
  await Promise.all(using)
  expect(keysOfTokens()).toEqual([0, 0])
})

it('a damaged one is found out, and lets its app be removed', async () => {
  const { apps, tokens, app } = await start()
  const damaged = tokenKey(ids[0]!)
  environment.db.putSync(damaged, Buffer.from('not what was written'))
  await expect(tokens.find(ids[0]!)).rejects.toThrow(Damage)
  await expect(tokens.list(app.id)).rejects.toThrow(Damage)
  await expect(tokens.use(ids[0]!, 1)).rejects.toThrow(Damage)
  expect(await tokens.find(ids[1]!)).toMatchObject({ name: 'g' })
  await apps.remove(key)
  expect(keysOfTokens()).toEqual([0, 0])
})
