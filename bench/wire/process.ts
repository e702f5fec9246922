// What a process and a directory take of the machine, from Linux's own books.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

const ticksASecond = 100
// `blocks` of a file are counted in these, whatever the file system.
const blockBytes = 512

const read = (pid: number, file: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}

/** Seconds of processor time, user and system, all its threads. */
export const cpuSeconds = (pid: number): number => {
  const stat = read(pid, 'stat')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / ticksASecond
}

/** Memory of its own, without mapped files. */
export const anonymousBytes = (pid: number): number =>
  Number(/RssAnon:\s*(\d+)/.exec(read(pid, 'status'))?.[1] ?? 0) * 1024

export const childrenOf = (pid: number): number[] =>
  read(pid, `task/${pid}/children`).split(' ').filter(Boolean).map(Number)

/** Allocated bytes of a file, or of everything in a directory. */
export const diskBytes = (path: string): number => {
  const stat = statSync(path)
  const inside = stat.isDirectory() ? readdirSync(path) : []
  const own = stat.isDirectory() ? 0 : stat.blocks * blockBytes
  return inside.reduce((sum, name) => sum + diskBytes(join(path, name)), own)
}
