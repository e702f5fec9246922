// The audit log on disk: whole lines by many writers at once, a bound on its size, and no way out of the
// directory for who writes it.
import { spawn } from 'node:child_process'
import {
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { makeTempDir } from '../../test/support/temp-dir.ts'
import { appendAuditLine } from './audit-file.ts'

const name = 'audit.ndjson'

const place = (): string => {
  const { path, remove } = makeTempDir()
  onTestFinished(remove)
  return path
}
const linesIn = (dir: string, file = name): string[] =>
  readFileSync(join(dir, file), 'utf8').split('\n').slice(0, -1)

it('appends lines in order, for the owner alone', async () => {
  const dir = place()
  for (const line of ['{"a":1}', '{"b":2}']) await appendAuditLine(dir, name, line)
  expect(linesIn(dir)).toEqual(['{"a":1}', '{"b":2}'])
  expect(statSync(join(dir, name)).mode & 0o777).toBe(0o600)
  expect(readdirSync(dir)).toEqual([name])
})

it('keeps one predecessor, and so at most twice the bound and a line for each', async () => {
  const dir = place()
  const line = (i: number) => JSON.stringify({ i, filler: 'x'.repeat(80) })
  const bytesMax = 1000
  for (let i = 0; i < 100; i++) await appendAuditLine(dir, name, line(i), bytesMax)
  expect(readdirSync(dir).sort()).toEqual([name, `${name}.1`])
  for (const file of [name, `${name}.1`]) {
    expect(statSync(join(dir, file)).size).toBeLessThan(bytesMax + 110)
  }
  const kept = [...linesIn(dir, `${name}.1`), ...linesIn(dir)]
  const numbers = kept.map((text) => (JSON.parse(text) as { i: number }).i)
  expect(numbers).toEqual(
    Array.from({ length: numbers.length }, (_, k) => 100 - numbers.length + k),
  )
  expect(numbers.length).toBeGreaterThan(9)
})

it('loses and tears no line of many writers at once, also while it is put aside', async () => {
  const dir = place()
  const writers = 20
  const each = 10
  const write = async (writer: number) => {
    for (let i = 0; i < each; i++) {
      const line = JSON.stringify({ writer, i, filler: 'y'.repeat(50) })
      // Room for all but once: one rotation, and nothing that it may drop.
      await appendAuditLine(dir, name, line, 9000)
    }
  }
  await Promise.all(Array.from({ length: writers }, (_, k) => write(k)))
  const kept = readdirSync(dir).flatMap((file) => linesIn(dir, file))
  const seen = kept.map((text) => {
    const { writer, i } = JSON.parse(text) as { writer: number; i: number }
    return `${writer} ${i}`
  })
  expect(readdirSync(dir).sort()).toEqual([name, `${name}.1`])
  expect(new Set(seen).size).toBe(writers * each)
  expect(seen.length).toBe(writers * each)
})

it('begins a line of its own behind one that a full disk cut', async () => {
  const dir = place()
  writeFileSync(join(dir, name), '{"a":1}\n{"cut')
  await appendAuditLine(dir, name, '{"b":2}')
  expect(linesIn(dir)).toEqual(['{"a":1}', '{"cut', '{"b":2}'])
})

it('is not stopped for good by a process that ended while it rotated', async () => {
  const dir = place()
  writeFileSync(join(dir, name), `${'x'.repeat(50)}\n`)
  writeFileSync(join(dir, `${name}.lock`), '')
  await appendAuditLine(dir, name, '{"a":1}', 10)
  expect(existsSync(join(dir, `${name}.1`))).toBe(false)
  utimesSync(join(dir, `${name}.lock`), 1, 1)
  for (const line of ['{"a":2}', '{"a":3}']) await appendAuditLine(dir, name, line, 10)
  expect(linesIn(dir)).toEqual(['{"a":3}'])
  expect(readdirSync(dir).sort()).toEqual([name, `${name}.1`])
})

it('writes through no link, into no pipe and over no directory', async () => {
  const victim = join(place(), 'victim')
  writeFileSync(victim, 'mine')
  const pipe = async (path: string): Promise<void> => {
    const made = spawn('mkfifo', [path], { stdio: 'ignore' })
    await new Promise((resolve) => made.once('close', resolve))
  }
  const traps: readonly ((path: string) => unknown)[] = [
    (path) => symlinkSync(victim, path),
    (path) => linkSync(victim, path),
    (path) => mkdirSync(path),
    pipe,
  ]
  for (const trap of traps) {
    const dir = place()
    await trap(join(dir, name))
    await expect(appendAuditLine(dir, name, '{"a":1}')).rejects.toThrow()
  }
  expect(readFileSync(victim, 'utf8')).toBe('mine')
})

it.skipIf(process.getuid?.() !== 0)(
  'belongs to the owner of the directory, root or not',
  async () => {
    const dir = place()
    chownSync(dir, 12_345, 23_456)
    await appendAuditLine(dir, name, '{"a":1}')
    const { uid, gid } = statSync(join(dir, name))
    expect([uid, gid]).toEqual([12_345, 23_456])
  },
)
