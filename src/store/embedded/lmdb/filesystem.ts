// Whether LMDB can work on a filesystem. It needs shared maps and locks, which some lack (FUSE with direct I/O, folders
// shared with a virtual machine), and it ends the process where it does not get them. So on a filesystem that is not
// known to have both, another process tries first.
import { spawnSync } from 'node:child_process'
import { statfsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { CannotOpen } from '../../../ledger/store-error.ts'
import { builtFile } from '../../../runtime/built-file.ts'

/** By Linux's number of their type (statfs). */
const known: Readonly<Record<number, string>> = {
  61267: 'ext2, ext3, ext4',
  1481003842: 'xfs',
  2435016766: 'btrfs',
  801189825: 'zfs',
  4076150800: 'f2fs',
  3393526350: 'bcachefs',
  16914836: 'tmpfs',
  2240043254: 'ramfs',
  2035054128: 'overlay',
}
const tryWithinMs = 30_000

/** Throws CannotOpen if opening the directory would end the process. */
export const checkFilesystem = (dir: string, path: string, mapBytes: number): void => {
  const { type } = statfsSync(dir)
  if (process.platform !== 'linux' || known[type] !== undefined) return
  const script = fileURLToPath(builtFile('store/embedded/lmdb/open-process'))
  const { status, signal, error } = spawnSync(process.execPath, [script, dir, String(mapBytes)], {
    stdio: 'ignore',
    timeout: tryWithinMs,
    killSignal: 'SIGKILL',
  })
  if (status === 0) return
  const why = error?.message ?? (signal === null ? `ended with ${status}` : `ended by ${signal}`)
  throw new CannotOpen(
    `${path} cannot be opened: LMDB was tried on its filesystem (type 0x${type.toString(16)}) and ` +
      `${why}. It needs shared maps and locks of files: keep the ledger on a local disk.`,
  )
}
