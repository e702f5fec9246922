// The head of an LMDB file, read without LMDB. Its first two pages describe the newest commits in turn. LMDB ends
// the process when it opens a file with another head.
import { readSync } from 'node:fs'

export interface Head {
  /** The number of the newest commit. */
  readonly newest: bigint
  /** The number in the other page: of the commit before it. */
  readonly before: bigint
  /** The size of a file that holds every page of the newest commit. */
  readonly bytes: number
}

const flagsAt = 18
const isHeadPage = 0x08
const magicAt = 24
const magic = 0xbeefc0de
const versionAt = 28
const version = 2
const pageBytesAt = 48
const pageBytesMin = 512
const pageBytesMax = 65_536
const lastPageAt = 144
const commitAt = 152
const headBytes = commitAt + 8

const first = Buffer.alloc(headBytes)
const second = Buffer.alloc(headBytes)

/** Undefined if the file is not one of LMDB's. */
export const readHead = (file: number): Head | undefined => {
  if (readSync(file, first, 0, headBytes, 0) < headBytes || !isHead(first)) return undefined
  const pageBytes = first.readUInt32LE(pageBytesAt)
  if (readSync(file, second, 0, headBytes, pageBytes) < headBytes || !isHead(second))
    return undefined
  const commits = [first, second].map((page) => page.readBigUInt64LE(commitAt)) as [bigint, bigint]
  const [newest, before] = commits[1] > commits[0] ? [commits[1], commits[0]] : commits
  const lastPage = (commits[1] > commits[0] ? second : first).readBigUInt64LE(lastPageAt)
  return { newest, before, bytes: Number(lastPage + 1n) * pageBytes }
}

const isHead = (page: Buffer): boolean => {
  const pageBytes = page.readUInt32LE(pageBytesAt)
  return (
    (page.readUInt16LE(flagsAt) & isHeadPage) !== 0 &&
    page.readUInt32LE(magicAt) === magic &&
    page.readUInt16LE(versionAt) === version &&
    pageBytes >= pageBytesMin &&
    pageBytes <= pageBytesMax &&
    (pageBytes & (pageBytes - 1)) === 0
  )
}
