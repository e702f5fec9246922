// Markdown: the header of a run, tables, and the median and spread of several measurements.
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'

export const number = (value: number, digits = 0): string =>
  value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const [below, above] = [Math.floor((sorted.length - 1) / 2), Math.floor(sorted.length / 2)]
  return ((sorted[below] ?? 0) + (sorted[above] ?? 0)) / 2
}

/** Median (least – most). */
export const spread = (values: readonly number[], digits = 0): string => {
  const one = (value: number): string => number(value, digits)
  if (values.length < 2) return one(median(values))
  return `${one(median(values))} (${one(Math.min(...values))} – ${one(Math.max(...values))})`
}

export const mebibytes = (bytes: number): string => number(bytes / 2 ** 20)

export const title = (text: string): void => console.log(`\n### ${text}\n`)
export const row = (...cells: readonly string[]): void => console.log(`| ${cells.join(' | ')} |`)
export const head = (...cells: readonly string[]): void => {
  row(...cells)
  row(...cells.map(() => '---'))
}

export const machine = (): string => {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor'
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`
  const date = new Date().toISOString().slice(0, 10)
  return `${date} · ${cpus().length} × ${model} · ${memory} · Node ${process.version}`
}

const syncs = 50

/** What every durable answer waits for on this disk. */
export const syncedWrite = (): string => {
  const path = join(tmpdir(), `pushledger-bench-sync-${process.pid}`)
  const file = openSync(path, 'w')
  const taken = Array.from({ length: syncs }, () => {
    const began = performance.now()
    writeSync(file, Buffer.alloc(4096))
    fdatasyncSync(file)
    return performance.now() - began
  })
  closeSync(file)
  rmSync(path)
  return `a synced write of 4 KiB takes ${number(median(taken), 1)} ms`
}
