// Copies a directory's ledger, or makes its file smaller, in a process of its own.
import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { StoreError } from '../ledger/store-error.ts'
import { runApart } from './child-process.ts'
import { fileName, isDirectory } from './embedded/lmdb/files.ts'
import { type Copied, partialName } from './embedded/maintenance/backup.ts'
import type { CopySaid } from './embedded/maintenance/backup-process.ts'

export type { Copied }

interface Growth {
  readonly bytesMax: number
  readonly lookEveryMs: number
}

// While a copy is under way the ledger reuses no room that was given up since, and grows instead, for
// good. So much is put up with, or a quarter of its size if that is more.
const growth: Growth = { bytesMax: 256 * 2 ** 20, lookEveryMs: 100 }
const growthPart = 4

/** Beside a running server too. Throws StoreError, with nothing left in `to`. */
export const backUpDirectory = (dir: string, to: string, mapBytes?: number): Promise<Copied> =>
  copy(to, [dir, String(mapBytes ?? ''), to], fileAt(dir))

/** Throws StoreError, with nothing changed, where a server runs on it. */
export const compactDirectory = (dir: string, mapBytes?: number): Promise<Copied> =>
  copy(dir, [dir, String(mapBytes ?? '')])

const fileAt = (dir: string): string => join(dir, fileName)

const copy = async (to: string, args: readonly string[], growing?: string): Promise<Copied> => {
  const child = runApart('store/embedded/maintenance/backup-process', args)
  let isTooSlow = false
  const stopWatching =
    growing === undefined
      ? () => {}
      : watchGrowth(growing, growth, () => {
          isTooSlow = true
          child.kill()
        })
  let said: CopySaid | undefined
  try {
    for await (const line of child.said) said = line as CopySaid
  } finally {
    stopWatching()
  }
  const ended = await child.ended
  if (ended === undefined && said !== undefined && 'copied' in said) return said.copied
  if (isDirectory(to)) rmSync(join(to, partialName), { recursive: true, force: true })
  if (isTooSlow) {
    throw new StoreError(
      `The copy to ${to} takes too long: the ledger had to grow meanwhile, for good. ` +
        'Copy to a faster disk, or when less is told.',
    )
  }
  const why = said !== undefined && 'refused' in said ? said.refused : undefined
  throw new StoreError(
    why ?? `It was not copied, as the library ${ended}: pushledger verify tells what is wrong.`,
  )
}

/** Looks until it is told to stop. */
export const watchGrowth = (
  path: string,
  { bytesMax, lookEveryMs }: Growth,
  onTooMuch: () => void,
): (() => void) => {
  const bytes = () => statSync(path, { throwIfNoEntry: false })?.size ?? 0
  const before = bytes()
  const most = before + Math.max(bytesMax, before / growthPart)
  const timer = setInterval(() => {
    if (bytes() > most) onTooMuch()
  }, lookEveryMs)
  return () => clearInterval(timer)
}
