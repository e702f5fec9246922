// Files and streams as they are met: plain, packed, in several packs, from a place on, and broken.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { openSource, SourceError } from './source.ts'

const dir = mkdtempSync(join(tmpdir(), 'pushledger-'))
afterAll(() => rmSync(dir, { recursive: true }))

const text = Array.from({ length: 50_000 }, (_, i) => `line ${i}\n`).join('')
const packed = gzipSync(text)
const noInput = Readable.from([])

const fileWith = (name: string, bytes: string | Uint8Array): string => {
  const path = join(dir, name)
  writeFileSync(path, bytes)
  return path
}

const readAll = async (name: string, fromByte = 0, stdin: Readable = noInput): Promise<string> => {
  const source = await openSource(name, stdin)
  try {
    const parts: Buffer[] = []
    for await (const chunk of source.read(fromByte).chunks) parts.push(Buffer.from(chunk))
    return Buffer.concat(parts).toString()
  } finally {
    await source.close()
  }
}

describe('a file', () => {
  const half = Math.floor(packed.length / 2)
  const inTwo = Buffer.concat([gzipSync('a\n'), gzipSync('b\n')])
  it.each([
    ['plain.ndjson', text, text],
    ['named.ndjson.gz', packed, text],
    ['packed-by-its-bytes', packed, text],
    ['two-packs.gz', inTwo, 'a\nb\n'],
    ['empty', '', ''],
    ['one-byte', '\n', '\n'],
  ])('%s', async (name, bytes, expected) => {
    const path = fileWith(name, bytes)
    expect(await readAll(path)).toBe(expected)
    expect(await readAll(path, 1)).toBe(expected.slice(1))
    const from = Math.max(expected.length - 3, 0)
    expect(await readAll(path, from)).toBe(expected.slice(from))
  })

  it('tells how far it was read, packed as it is', async () => {
    for (const bytes of [Buffer.from(text), packed]) {
      const source = await openSource(fileWith('measured', bytes), noInput)
      const { chunks, fileBytes } = source.read(0)
      for await (const _ of chunks) expect(fileBytes()).toBeGreaterThan(0)
      expect([fileBytes(), source.identity?.sizeBytes]).toEqual([bytes.length, bytes.length])
      await source.close()
    }
  })

  it.each([
    ['cut-off.gz', packed.subarray(0, half), /cut-off\.gz cannot be read .*: the gzip is cut off/],
    ['no.gz', 'plain', /no\.gz cannot be read .*: it is no sound gzip/],
  ])('%s is refused where it breaks', async (name, bytes, says) => {
    const path = fileWith(name, bytes)
    await expect(readAll(path)).rejects.toThrow(says)
    await expect(readAll(path)).rejects.toThrow(SourceError)
  })

  it('that is a device is read to its end and closed once', async () => {
    expect(await readAll('/dev/null')).toBe('')
  })

  it('that is missing or a directory is refused', async () => {
    mkdirSync(join(dir, 'folder'))
    await expect(readAll(join(dir, 'none'))).rejects.toThrow(/none .*: there is no such file/)
    await expect(readAll(join(dir, 'folder'))).rejects.toThrow(/folder is a directory/)
  })
})

describe('the standard input', () => {
  const inBytes = (bytes: Uint8Array) => Readable.from(Array.from(bytes, (byte) => Buffer.of(byte)))
  it.each([
    ['plain', Readable.from([Buffer.from(text)]), text],
    ['packed', Readable.from([packed]), text],
    ['packed, a byte at a time', inBytes(gzipSync('a\nb\n')), 'a\nb\n'],
    ['nothing', Readable.from([]), ''],
  ])('%s', async (_, stdin, expected) => {
    expect(await readAll('-', 0, stdin)).toBe(expected)
  })

  it('is not known again', async () => {
    expect((await openSource('-', noInput)).identity).toBeUndefined()
  })
})
