// Where an export goes to: the standard output, or a file that gets its name when it is whole and on the
// disk. Takes one piece at a time, so that a slow reader holds the walk up and fills no memory.
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import type { Sink } from '../export/table.ts'
import { Refused } from './usage.ts'

export interface FileSink extends Sink {
  /** Everything was written. */
  finish(): Promise<void>
  /** Leaves nothing behind that was not finished. */
  close(): Promise<void>
}

/** Whoever read the standard output has gone. */
export class StoppedReading extends Error {
  override readonly name = 'StoppedReading'
}

export const openStdout = (): FileSink => ({
  write: (bytes) =>
    new Promise((resolve, reject) => {
      process.stdout.write(bytes, (error) => {
        if (error === undefined || error === null) resolve()
        else if ((error as NodeJS.ErrnoException).code === 'EPIPE') reject(new StoppedReading())
        else reject(new Refused(`stdout cannot be written: ${error.message}`))
      })
    }),
  finish: async () => {},
  close: async () => {},
})

/** Throws Refused where it cannot be written. */
export const openFile = async (path: string): Promise<FileSink> => {
  const partial = `${path}.partial`
  const orRefused = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause)
      throw new Refused(`${path} cannot be written: ${why}`)
    }
  }
  const file: FileHandle = await orRefused(() => open(partial, 'w'))
  return {
    write: (bytes) => orRefused(() => file.writeFile(bytes)),
    finish: () =>
      orRefused(async () => {
        await file.sync()
        await rename(partial, path)
      }),
    close: async () => {
      await file.close()
      await rm(partial, { force: true })
    },
  }
}
