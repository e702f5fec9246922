// What a proof did, in figures, for `npm run soak`, which names the file that they are written to and adds
// them up. In an ordinary run nobody asks for them.
import { appendFileSync } from 'node:fs'

export type Tally = Readonly<Record<string, number>>

/** Sums, but for those whose name ends in `Ms` or `MiB`: of these the largest counts. */
export const tell = (tally: Tally): void => {
  const path = process.env['SOAK_TALLY']
  if (path !== undefined) appendFileSync(path, `${JSON.stringify(tally)}\n`)
}
