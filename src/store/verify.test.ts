// Where the library itself ends on a damaged file, which no fault can be made of: a finding, and the caller
// lives on.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makeTempDir } from '../../test/support/temp-dir.ts'
import { openEnvironment } from './embedded/lmdb/environment.ts'
import { verifyDirectory } from './verify.ts'

const pageBytes = 4096
/** The places of a page's first entries stand there. */
const placesAt = 24

it('the end of the process that reads a damaged file is a finding', async () => {
  const { path: dir, remove } = makeTempDir()
  await openEnvironment(dir).close()
  const path = join(dir, 'ledger.mdb')
  const bytes = readFileSync(path)
  for (let page = 2 * pageBytes; page < bytes.length; page += pageBytes) {
    bytes.fill(0xff, page + placesAt, page + placesAt + 16)
  }
  writeFileSync(path, bytes)
  const found: string[] = []
  const { verified, findings } = await verifyDirectory(dir, 0, ({ what }) => found.push(what))
  expect(verified).toBeUndefined()
  expect(findings).toBe(1)
  expect(found[0]).toMatch(/cannot be read any further: the library ended by SIG/)
  remove()
})
