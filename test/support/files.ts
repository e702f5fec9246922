// The files of the repository, for tests that read them.

import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const NOT_OURS = new Set(['.git', 'node_modules', 'coverage', 'dist', '.data', 'data'])

const walk = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => !NOT_OURS.has(entry.name))
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      return entry.isDirectory() ? walk(path) : [path]
    })

/** Paths of files that are committed or about to be; of all files where git does not answer. */
export const listFiles = (): string[] => {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const git = spawnSync('git', args, { cwd: root, encoding: 'utf8' })
  const files = git.status === 0 ? git.stdout.split('\0').filter((path) => path !== '') : walk('')
  return [...new Set(files)].filter((path) => existsSync(join(root, path))).sort()
}
