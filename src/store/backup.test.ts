// A copy that takes too long is broken off, before the ledger has grown without a bound.
import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makeTempDir } from '../../test/support/temp-dir.ts'
import { watchGrowth } from './backup.ts'

it('tells when a file has grown by more than it may, and not before', async () => {
  const { path, remove } = makeTempDir()
  const file = join(path, 'grown')
  writeFileSync(file, '12345678')
  let told = 0
  const growths: string[] = []
  await new Promise<void>((resolve) => {
    const stop = watchGrowth(file, { bytesMax: 4, lookEveryMs: 1 }, () => {
      told += 1
      stop()
      resolve()
    })
    const grow = () => {
      if (told > 0) return
      appendFileSync(file, '1')
      growths.push('1')
      setTimeout(grow, 20)
    }
    grow()
  })
  expect(growths.length).toBeGreaterThan(4)
  remove()
})
