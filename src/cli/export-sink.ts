// Where an export goes to: the standard output, or a file that gets its name when it is whole and on the
// disk. Takes one piece at a time, so that a slow reader holds the walk up and fills no memory. The
// directory may belong to others: a file is made new and for its owner alone, and no link is followed.
import { type FileHandle, lstat, open, rename, rm } from 'node:fs/promises'
import type { Sink } from '../export/table.ts'
import { reasonOf } from '../runtime/system-error.ts'
import { Refused } from './usage.ts'

export interface FileSink extends Sink {
  /** Everything was written. */
  finish(): Promise<void>
  /** Leaves nothing behind that was not finished. */
  close(): Promise<void>
}

/** The standard output takes no more. The handler of its errors, in main.ts, says why where it must. */
export class StdoutEnded extends Error {
  override readonly name = 'StdoutEnded'
}

export const openStdout = (): FileSink => ({
  write: (bytes) =>
    new Promise((resolve, reject) => {
      process.stdout.write(bytes, (error) => {
        if (error === undefined || error === null) resolve()
        else reject(new StdoutEnded())
      })
    }),
  finish: async () => {},
  close: async () => {},
})

/** Throws Refused where it cannot be written, or exists already. */
export const openFile = async (path: string): Promise<FileSink> => {
  const partial = `${path}.partial`
  const orRefused = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (cause) {
      if (cause instanceof Refused) throw cause
      throw new Refused(`${path} cannot be written: ${reasonOf(cause)}`)
    }
  }
  await orRefused(() => expectFree(path))
  const file: FileHandle = await orRefused(() => openNew(partial))
  return {
    write: (bytes) => orRefused(() => file.writeFile(bytes)),
    finish: () =>
      orRefused(async () => {
        await file.sync()
        await expectFree(path)
        await rename(partial, path)
      }),
    close: async () => {
      await file.close()
      await rm(partial, { force: true })
    },
  }
}

/** Never one that is there: two exports may not write into one file, and a link leads elsewhere. */
const openNew = async (partial: string): Promise<FileHandle> => {
  try {
    return await open(partial, 'wx', 0o600)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
    const why = 'another export is writing it, or one was killed'
    throw new Refused(`${partial} is there already: ${why}; remove it, or name another file`)
  }
}

/** A link counts too, wherever it leads. */
const expectFree = async (path: string): Promise<void> => {
  const isThere = await lstat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false
      throw error
    },
  )
  if (isThere) throw new Refused(`${path} is there already: name another file`)
}
