// How the engine is: what it tells of each commit, and what it knows of itself without looking into the
// ledger. For whoever watches over it; nothing here is read by a report.
import { statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** One commit, of the bodies of one or several appends. */
export interface Commit {
  readonly facts: number
  /** Of the keys and values written. */
  readonly bytes: number
  /** From handing it to the writer until it was on disk, or had failed. */
  readonly durationMs: number
  readonly isWritten: boolean
}

export interface Vitals {
  readonly appendsWaiting: number
  readonly bytesWaiting: number
  /** Apps whose device tables are in memory, the devices in those, and the memory they take. */
  readonly tables: number
  readonly devices: number
  readonly tableBytes: number
  /** Held by all apps when each was last swept; undefined before the first sweep. */
  readonly messages: number | undefined
  /** Of the file, its free room included; undefined where the disk cannot be asked. */
  readonly fileBytes: number | undefined
  /** Left to the server on the disk of the file; undefined where it cannot be asked. */
  readonly freeBytes: number | undefined
}

/** The room on disk that a directory's file takes, and that is left. */
export const roomOf = (dir: string, fileName: string): Pick<Vitals, 'fileBytes' | 'freeBytes'> => {
  try {
    const { bavail, bsize } = statfsSync(dir)
    return { fileBytes: statSync(join(dir, fileName)).size, freeBytes: bavail * bsize }
  } catch {
    return { fileBytes: undefined, freeBytes: undefined }
  }
}
