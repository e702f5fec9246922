// What is kept between runs is found again, but only of the same file told to the same app.
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openBookmark, type Progress } from './bookmark.ts'
import { emptyTally } from './tally.ts'

const dir = mkdtempSync(join(tmpdir(), 'pushledger-'))
afterAll(() => rmSync(dir, { recursive: true }))

const file = { path: join(dir, 'events'), sizeBytes: 10, changedAtMs: 1.5 }
const target = { url: 'http://127.0.0.1:1', app: 'a' }
const progress: Progress = {
  place: { bytes: 7, lines: 2 },
  tally: { ...emptyTally, lines: 2, accepted: 5, repeated: null },
  isDone: false,
}
const nothing = { bytes: 0, lines: 0 }

it('goes on where it was kept, beside the file or elsewhere', () => {
  for (const elsewhere of [undefined, join(dir, 'state', 'deep')]) {
    expect(openBookmark(file, target, elsewhere).found.place).toEqual(nothing)
    openBookmark(file, target, elsewhere).keep(progress)
    const again = openBookmark(file, target, elsewhere)
    expect(again.found).toMatchObject(progress)
    expect(again.startsOverBecause).toBeUndefined()
    again.remove()
    expect(existsSync(again.path)).toBe(false)
  }
  expect(readdirSync(join(dir, 'state', 'deep'))).toEqual([])
})

it.each([
  [{ ...file, sizeBytes: 11 }, target, 'it has changed since'],
  [{ ...file, changedAtMs: 2 }, target, 'it has changed since'],
  [file, { ...target, app: 'b' }, 'it went to another server or app'],
  [file, { ...target, url: 'http://127.0.0.1:2' }, 'it went to another server or app'],
])('starts over with %j %j', (identity, to, why) => {
  openBookmark(file, target, undefined).keep(progress)
  const other = openBookmark(identity, to, undefined)
  expect([other.found.place, other.startsOverBecause]).toEqual([nothing, why])
})

it.each(['', 'null', '{}', '{"format":1,"place":{}}', '{"format":2'])(
  'takes %j for none',
  (text) => {
    const bookmark = openBookmark(file, target, undefined)
    writeFileSync(bookmark.path, text)
    const again = openBookmark(file, target, undefined)
    expect([again.found.place, again.startsOverBecause]).toEqual([nothing, undefined])
  },
)

describe('in a directory of others', () => {
  const { path } = openBookmark(file, target, undefined)

  it('writes through no link, and for its owner alone', () => {
    const victim = join(dir, 'victim')
    writeFileSync(victim, 'precious')
    for (const name of [path, `${path}.part`]) {
      rmSync(name, { force: true })
      symlinkSync(victim, name)
    }
    openBookmark(file, target, undefined).keep(progress)
    expect(readFileSync(victim, 'utf8')).toBe('precious')
    const stats = lstatSync(path)
    expect([stats.isFile(), stats.mode & 0o777]).toEqual([true, 0o600])
    expect(openBookmark(file, target, undefined).found).toMatchObject(progress)
  })

  it('reads through no link, and from no pipe', () => {
    const elsewhere = join(dir, 'elsewhere')
    openBookmark(file, target, undefined).keep(progress)
    writeFileSync(elsewhere, readFileSync(path))
    rmSync(path)
    symlinkSync(elsewhere, path)
    expect(openBookmark(file, target, undefined).found.place).toEqual(nothing)
    rmSync(path)
    expect(spawnSync('mkfifo', [path]).status).toBe(0)
    expect(openBookmark(file, target, undefined).found.place).toEqual(nothing)
    rmSync(path)
  })
})

it.skipIf(!existsSync('/proc/self'))('gives up where no directory can be made', () => {
  const bookmark = openBookmark(file, target, '/proc/none/deep')
  expect(() => bookmark.keep(progress)).toThrow(/ENOENT/)
})
