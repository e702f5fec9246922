// Verifies a directory in a process of its own: should the library end on a damaged file, that is a
// finding like any other, and the caller lives on.

import { StoreError } from '../ledger/store-error.ts'
import { numbersOf, runApart } from './child-process.ts'
import type { Finding } from './embedded/maintenance/finding.ts'
import type { Verified } from './embedded/maintenance/verify.ts'
import type { Said } from './embedded/maintenance/verify-process.ts'

export type { Finding, Verified }

export interface Verdict {
  /** Undefined where the walk did not come to its end. */
  readonly verified: Verified | undefined
  readonly findings: number
}

/** Calls `onFinding` for each finding as it comes. Throws StoreError where the directory cannot be read. */
export const verifyDirectory = async (
  dir: string,
  nowMs: number,
  onFinding: (finding: Finding) => void,
  mapBytes?: number,
): Promise<Verdict> => {
  let findings = 0
  let refused: string | undefined
  let verified: Verified | undefined
  let place = 'its beginning'
  const find = (finding: Finding): void => {
    findings += 1
    onFinding(finding)
  }
  const child = runApart('store/embedded/maintenance/verify-process', [
    dir,
    String(nowMs),
    ...numbersOf(mapBytes),
  ])
  for await (const line of child.said) {
    const said = line as Said
    if ('place' in said) place = said.place
    else if ('finding' in said) find(said.finding)
    else if ('refused' in said) refused = said.refused
    else verified = said.verified
  }
  const ended = await child.ended
  if (refused !== undefined) throw new StoreError(refused)
  if (ended !== undefined) {
    find({ where: place, what: `the file cannot be read any further: the library ${ended}` })
  }
  return { verified, findings }
}
