// What a program did to the ledger's file, in order: its writes, its syncs, and what it said meanwhile on
// stdout, as strace saw it.
import { spawnSync } from 'node:child_process'
import { closeSync, openSync, readSync, statSync } from 'node:fs'

export type DiskEvent =
  | {
      readonly kind: 'write'
      readonly at: number
      readonly bytes: Buffer
      readonly isSynced: boolean
    }
  | { readonly kind: 'sync' }
  | { readonly kind: 'said'; readonly text: string }

const calls = 'openat,lseek,write,writev,pwrite64,pwritev,ftruncate,fdatasync,fsync,msync'

/** Runs it to its end. */
export const traceDisk = (command: readonly string[], traceFile: string): readonly DiskEvent[] => {
  const flags = ['-f', '-qq', '-y', '-xx', '-s', '100000000', '-e', `trace=${calls}`]
  const { status, stderr } = spawnSync('strace', [...flags, '-o', traceFile, ...command])
  if (status !== 0) throw new Error(`it ended with ${status}: ${stderr}`)
  return eventsOf(linesOf(traceFile))
}

/** The trace may be too long for one string. */
function* linesOf(path: string): Generator<string> {
  const file = openSync(path, 'r')
  const { size } = statSync(path)
  const buffer = Buffer.alloc(2 ** 20)
  let rest = ''
  for (let at = 0; at < size; ) {
    const bytes = readSync(file, buffer, 0, buffer.length, at)
    at += bytes
    const lines = (rest + buffer.toString('latin1', 0, bytes)).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  closeSync(file)
}

const textOf = (hex: string): string => bytesOf(hex).toString()
const bytesOf = (hex: string): Buffer => Buffer.from(hex.replaceAll('\\x', ''), 'hex')

const isLedger = (name: string): boolean => name.endsWith('/ledger.mdb')

const eventsOf = (lines: Iterable<string>): DiskEvent[] => {
  const events: DiskEvent[] = []
  const synced = new Set<string>()
  const places = new Map<string, number>()
  for (const line of lines) {
    const call = /^\d+ +(\w+)\((.*?)(?:, |\) |>$| <unf)/.exec(line)
    const [, name = '', first = ''] = call ?? []
    if (name === 'openat') {
      const [, flags = '', file = '', path = ''] =
        /", ([A-Z_|]+).*= (\d+)<([^>]*)>$/.exec(line) ?? []
      if (isLedger(textOf(path)) && flags.includes('O_DSYNC')) synced.add(file)
      continue
    }
    const [, file = '', path = ''] = /^(\d+)<([^>]*)>?/.exec(first) ?? []
    if (file === '1' && name === 'write') {
      const [, hex = ''] = /, "([^"]*)"/.exec(line) ?? []
      events.push({ kind: 'said', text: textOf(hex).trim() })
    }
    if (!isLedger(textOf(path))) continue
    const write = (at: number) => {
      const bytes = Buffer.concat(
        [...line.matchAll(/"([^"]*)"/g)].map(([, hex = '']) => bytesOf(hex)),
      )
      events.push({ kind: 'write', at, bytes, isSynced: synced.has(file) })
      places.set(file, at + bytes.length)
    }
    if (name === 'lseek') places.set(file, Number(/>, (\d+), SEEK_SET/.exec(line)?.[1]))
    else if (name === 'pwrite64') write(Number(/, (\d+)(?:\)| <unf)/.exec(line)?.[1]))
    else if (name === 'writev' || name === 'write') write(places.get(file) ?? Number.NaN)
    else if (name === 'fdatasync' || name === 'fsync') events.push({ kind: 'sync' })
    else throw new Error(`${name} is not understood: ${line.slice(0, 300)}`)
  }
  return events
}
