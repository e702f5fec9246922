// Makes a damaged copy of a ledger.
import {
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readSync,
  rmSync,
  truncateSync,
  writeSync,
} from 'node:fs'

/** The copy in `dir`, with one byte changed or its end cut off. */
export const damage = ({ from, dir, at, mask, cutTo }) => {
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true })
  const path = `${dir}/ledger.mdb`
  copyFileSync(`${from}/ledger.mdb`, path)
  if (cutTo !== undefined) truncateSync(path, cutTo)
  if (at === undefined) return
  const file = openSync(path, 'r+')
  const byte = Buffer.alloc(1)
  readSync(file, byte, 0, 1, at)
  byte[0] ^= mask
  writeSync(file, byte, 0, 1, at)
  closeSync(file)
}
