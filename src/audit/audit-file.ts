// The audit log of a data directory: files with one JSON line per event. Several processes append at the
// same time, each line with one write. A full file replaces its predecessor.
import { constants } from 'node:fs'
import { type FileHandle, lstat, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Two files, so that a flood of rejected logins cannot push out the record of verbs. */
export const auditFiles = { verbs: 'audit.ndjson', logIns: 'audit-logins.ndjson' } as const

/** A file of this size or more is rotated before the next line. */
const auditBytesMax = 1_048_576
/** A rotation takes milliseconds: an older lock belongs to a process that ended during one. */
const lockAgeMaxMs = 10_000
const ownerOnly = 0o600
const newline = 0x0a

/** Resolves when the line is on disk. Rejects if it cannot be written. */
export const appendAuditLine = async (
  dir: string,
  name: string,
  line: string,
  bytesMax: number = auditBytesMax,
): Promise<void> => {
  const path = join(dir, name)
  if ((await bytesOf(path)) >= bytesMax) await rotate(path, bytesMax)
  const file = await openPlain(path)
  try {
    const bytes = Buffer.from(`${(await endsInLine(file)) ? '' : '\n'}${line}\n`)
    const { bytesWritten } = await file.write(bytes)
    if (bytesWritten < bytes.length) throw new Error('the disk is full')
    await file.sync()
  } finally {
    await file.close()
  }
}

/** 0 if there is no file. */
const bytesOf = async (path: string): Promise<number> => {
  try {
    return (await lstat(path)).size
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 0
    throw error
  }
}

/** Follows no link and waits for no pipe: the directory may belong to another user. */
const openPlain = async (path: string): Promise<FileHandle> => {
  const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants
  const flags = O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK
  const file = await open(path, flags, ownerOnly)
  try {
    const { nlink, uid } = await checked(file)
    if (nlink > 1) throw new Error('it has a second name')
    if (uid === 0 && process.getuid?.() === 0) await giveToOwnerOf(dirname(path), file)
    return file
  } catch (error) {
    await file.close()
    throw error
  }
}

const checked = async (file: FileHandle) => {
  const stats = await file.stat()
  if (!stats.isFile()) throw new Error('it is not a file')
  return stats
}

/** Lets the server append to a file that a verb created as root. */
const giveToOwnerOf = async (dir: string, file: FileHandle): Promise<void> => {
  const { uid, gid } = await stat(dir)
  if (uid !== 0) await file.chown(uid, gid)
}

/** False if a full disk cut the previous line. */
const endsInLine = async (file: FileHandle): Promise<boolean> => {
  const { size } = await file.stat()
  if (size === 0) return true
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1)
  return buffer[0] === newline
}

/** Renames a full file. If another process is doing it, this one appends to the full file. */
const rotate = async (path: string, bytesMax: number): Promise<void> => {
  const lock = `${path}.lock`
  if (!(await take(lock))) return
  try {
    if ((await bytesOf(path)) >= bytesMax) await rename(path, `${path}.1`)
  } finally {
    await rm(lock, { force: true })
  }
}

const take = async (lock: string): Promise<boolean> => {
  try {
    await (await open(lock, 'wx', ownerOnly)).close()
    return true
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  }
  const { mtimeMs } = await lstat(lock).catch(() => ({ mtimeMs: Date.now() }))
  if (Math.abs(Date.now() - mtimeMs) > lockAgeMaxMs) await rm(lock, { force: true })
  return false
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined
