// Programs of Debian that a test needs besides npm's: installed when they are missing.
import { spawnSync } from 'node:child_process'

/** Whether the program is there, installed from this package if need be and if that may be done. */
export const haveProgram = (name: string, debianPackage: string = name): boolean => {
  const isThere = () => spawnSync('which', [name]).status === 0
  if (isThere()) return true
  const options = { timeout: 120_000 }
  spawnSync('apt-get', ['update', '-q'], options)
  spawnSync('apt-get', ['install', '-qy', '--no-install-recommends', debianPackage], options)
  return isThere()
}
