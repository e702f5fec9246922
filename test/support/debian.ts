// Programs of Debian that a test needs besides npm's: installed when they are missing, by one at a time.
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const lock = join(tmpdir(), 'pushledger-apt.lock')
const withinMs = 600_000

/** Whether the program is there, installed from this package if need be and if that may be done. */
export const haveProgram = (name: string, debianPackage: string = name): boolean => {
  const isThere = () => spawnSync('which', [name]).status === 0
  if (isThere()) return true
  const install = `which ${name} || { apt-get update -q; apt-get install -qy --no-install-recommends ${debianPackage}; }`
  spawnSync('flock', [lock, 'sh', '-c', install], { timeout: withinMs })
  return isThere()
}
