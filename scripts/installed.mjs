// Makes a fresh clone able to run the other scripts: installs what package-lock.json names
// when node_modules is missing or older than it. Not a package manager: npm ci does the work.

import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** Milliseconds of the last change, or 0 for a file that is not there. */
export function changedAtMs(path) {
  return statSync(new URL(`../${path}`, import.meta.url), { throwIfNoEntry: false })?.mtimeMs ?? 0
}

/** Runs a program in the repository root, its output shown; returns the exit code. */
export function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' })
  if (error) console.error(`${command}: ${error.message}`)
  return status ?? 1
}

/** Runs a program of node_modules/.bin; returns the exit code. */
export function runBin(name, args) {
  return run(`${root}node_modules/.bin/${name}`, args)
}

/** Returns 0 when everything is in place, else npm's exit code. */
export function ensureInstalled() {
  const installedAtMs = changedAtMs('node_modules/.package-lock.json')
  if (installedAtMs > 0 && installedAtMs >= changedAtMs('package-lock.json')) return 0
  return run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund'])
}

/** Whether a module is the program that was started, not a part of another. */
export function isProgram(moduleUrl) {
  return moduleUrl === pathToFileURL(process.argv[1] ?? '').href
}

if (isProgram(import.meta.url)) process.exitCode = ensureInstalled()
