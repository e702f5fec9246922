// The walk of verify in a process of its own, because the library may end on a damaged file by a signal:
// argv holds the directory and the time; each line on stdout is a place, a finding, or the summary.
import type { Finding, Watch } from './finding.ts'
import { type Verified, verify } from './verify.ts'

export type Said =
  | { readonly place: string }
  | { readonly finding: Finding }
  | { readonly verified: Verified }

const say = (said: Said): void => {
  process.stdout.write(`${JSON.stringify(said)}\n`)
}

const [, , dir = '', now = '0'] = process.argv
const watch: Watch = {
  onPlace: (place) => say({ place }),
  onFinding: (finding) => say({ finding }),
}
try {
  say({ verified: await verify(dir, Number(now), watch) })
} catch (error) {
  const what = error instanceof Error ? error.message : String(error)
  say({ finding: { where: 'the walk', what } })
}
