// Verifies a directory in a process of its own: should the library end on a damaged file, that is a
// finding like any other, and the caller lives on.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Finding } from './embedded/finding.ts'
import type { Verified } from './embedded/verify.ts'
import type { Said } from './embedded/verify-process.ts'

export type { Finding, Verified }

export interface Verdict {
  /** Undefined where the walk did not come to its end. */
  readonly verified: Verified | undefined
  readonly findings: number
}

/** Tells each finding as it comes. */
export const verifyDirectory = async (
  dir: string,
  nowMs: number,
  onFinding: (finding: Finding) => void,
): Promise<Verdict> => {
  let findings = 0
  let verified: Verified | undefined
  let place = 'its beginning'
  const find = (finding: Finding): void => {
    findings += 1
    onFinding(finding)
  }
  const child = spawn(process.execPath, [processFile(), dir, String(nowMs)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let complaint = ''
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-1000)
  })
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }))
  })
  for await (const line of createInterface({ input: child.stdout })) {
    const said = JSON.parse(line) as Said
    if ('place' in said) place = said.place
    else if ('finding' in said) find(said.finding)
    else verified = said.verified
  }
  const { code, signal } = await ended
  if (signal !== null || code !== 0) {
    const why = signal === null ? (complaint.trim().split('\n')[0] ?? '') : `ended by ${signal}`
    find({ where: place, what: `the file cannot be read any further: the library ${why}` })
  }
  return { verified, findings }
}

/** The built program: Node runs no TypeScript by itself, so from sources it is taken from dist. */
const processFile = (): string =>
  fileURLToPath(
    import.meta.url.endsWith('.ts')
      ? new URL('../../dist/store/embedded/verify-process.js', import.meta.url)
      : new URL('./embedded/verify-process.js', import.meta.url),
  )
