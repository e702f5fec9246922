// Whether there is room for a write, found before it: a write that fails in the middle of a commit may leave LMDB unfit
// for more. The file cannot grow beyond the disk, the map, and the limit on the size of files (ulimit -f).
import { statfsSync } from 'node:fs'
import { StoreError } from '../../../ledger/store-error.ts'

/** How far the file may grow. */
export interface Bounds {
  readonly dir: string
  readonly mapBytes: number
  readonly fileBytes: number
}

/** There is no room for what was to be written; nothing was tried. */
export class NoRoom extends StoreError {
  /** What a client is told. */
  readonly answer: string
  constructor(message: string, answer: string) {
    super(message)
    this.answer = answer
  }
}

/** A change of an app, a token, a group or the owner takes less. On a full disk it is still tried: removing an app gives room. */
const changeBytes = 2 ** 18

/** Throws NoRoom if the map or the limit on files has no room for a small change. `bytes` is the size of the file. */
export const mustHaveRoom = ({ dir, mapBytes, fileBytes }: Bounds, bytes: number): void => {
  mustFit('map', dir, mapBytes, bytes, changeBytes)
  mustFit('file', dir, fileBytes, bytes, changeBytes)
}

/** Throws NoRoom if a commit might not find the room that it needs. */
export const mustHaveRoomFor = (
  { dir, mapBytes, fileBytes }: Bounds,
  bytes: number,
  needed: number,
): void => {
  mustFit('map', dir, mapBytes, bytes, needed)
  mustFit('file', dir, fileBytes, bytes, needed)
  const { bavail, bsize } = statfsSync(dir)
  if (bavail * bsize >= needed) return
  throw new NoRoom(
    `the disk is full: ${bavail * bsize} bytes are free, and ${needed} are needed`,
    'there is no room left on the disk',
  )
}

const bound = {
  map: { what: 'the map (--map-size)', answer: 'the ledger has reached its --map-size' },
  file: {
    what: 'the limit on files (ulimit -f)',
    answer: 'the ledger has reached the limit on files',
  },
} as const

const mustFit = (
  kind: keyof typeof bound,
  dir: string,
  most: number,
  bytes: number,
  needed: number,
): void => {
  if (bytes + needed <= most) return
  const { what, answer } = bound[kind]
  throw new NoRoom(
    `There is no room in ${dir}: the ledger has ${bytes} bytes and needs ${needed} more, ` +
      `and ${what} is ${most}. Raise it.`,
    answer,
  )
}
