// The walk of verify in a process of its own, because the library may end on a damaged file by a signal:
// argv holds the directory, the time and the size of the map; each line on stdout is a place, a finding, the summary,
// or why nothing could be read.

import { CannotOpen } from '../../../ledger/store-error.ts'
import type { Finding, Watch } from './finding.ts'
import { type Verified, verify } from './verify.ts'

export type Said =
  | { readonly place: string }
  | { readonly finding: Finding }
  | { readonly verified: Verified }
  | { readonly refused: string }

const say = (said: Said): void => {
  process.stdout.write(`${JSON.stringify(said)}\n`)
}

const [, , dir = '', now = '0', mapBytes] = process.argv
const watch: Watch = {
  onPlace: (place) => say({ place }),
  onFinding: (finding) => say({ finding }),
}
try {
  const map = mapBytes === undefined ? undefined : Number(mapBytes)
  say({ verified: await verify(dir, Number(now), watch, map) })
} catch (error) {
  const what = error instanceof Error ? error.message : String(error)
  if (error instanceof CannotOpen) say({ refused: what })
  else say({ finding: { where: 'the walk', what } })
}
