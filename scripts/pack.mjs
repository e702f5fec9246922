// Packs the built files of a folder once and for all, beside each: the server gives out what is there.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'

const isText = (path) => /\.(css|html|js|svg)$/.test(path)

/** Writes `name.br` and `name.gz` where they are shorter. */
export function pack(folder) {
  for (const name of readdirSync(folder, { recursive: true }).filter(isText)) {
    const path = join(folder, name)
    const plain = readFileSync(path)
    const packed = { br: brotliCompressSync(plain), gz: gzipSync(plain, { level: 9 }) }
    for (const [ending, bytes] of Object.entries(packed)) {
      if (bytes.length < plain.length) writeFileSync(`${path}.${ending}`, bytes)
    }
  }
}
