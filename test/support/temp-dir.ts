// A directory of its own for a test, which removes it when it is done.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const makeTempDir = (): { readonly path: string; readonly remove: () => void } => {
  const path = mkdtempSync(join(tmpdir(), 'pushledger-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
