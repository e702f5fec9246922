// What whoever runs the server copies, units and containers: linted by the linters of their own worlds.

import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { makeTempDir } from './support/temp-dir.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8')

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0

/** The units, with a program that is there in place of the installed one. */
const unitsIn = (): string => {
  const { path, remove } = makeTempDir()
  onTestFinished(remove)
  const program = join(path, 'pushledger')
  writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 })
  const unit = textOf('examples/systemd/pushledger.service')
  writeFileSync(join(path, 'pushledger.service'), unit.replace('/usr/bin/pushledger', program))
  copyFileSync(join(root, 'examples/systemd/pushledger.socket'), join(path, 'pushledger.socket'))
  return path
}

describe.skipIf(!hasSystemd)('the units of systemd', () => {
  it('are lawful', () => {
    const dir = unitsIn()
    const units = ['service', 'socket'].map((kind) => join(dir, `pushledger.${kind}`))
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', ...units])
    expect({ status, stderr: stderr.toString() }).toEqual({ status: 0, stderr: '' })
  })

  it('are exposed little', () => {
    const unit = join(unitsIn(), 'pushledger.service')
    const args = ['security', '--offline=true', '--threshold=20', '--no-pager', unit]
    const { status, stdout, stderr } = spawnSync('systemd-analyze', args)
    expect(status, stdout.toString() + stderr.toString()).toBe(0)
  })
})

// It wants single quotes where our formatter wants double ones.
const quotesRule = 'require-quotes-in-ports'
const bin = (name: string): string => join(root, 'node_modules/.bin', name)

describe('the container', () => {
  it('is lawful to the linters of its files', () => {
    const docker = spawnSync(bin('dockerfile-utils'), ['lint', 'Dockerfile'], { cwd: root })
    expect(docker.stdout.toString() + docker.stderr.toString()).toBe('')
    const compose = spawnSync(
      bin('dclint'),
      ['examples/compose.yaml', '--max-warnings', '0', '--disable-rule', quotesRule],
      { cwd: root },
    )
    expect(compose.status, compose.stdout.toString() + compose.stderr.toString()).toBe(0)
  })

  it('copies only files that there are and that it is given, and runs as nobody of note', () => {
    const lines = textOf('Dockerfile').split('\n')
    const given = textOf('.dockerignore').split('\n')
    const copied = lines
      .filter((line) => line.startsWith('COPY ') && !line.includes('--from'))
      .flatMap((line) => line.split(' ').slice(1, -1))
    expect(copied.length).toBeGreaterThan(3)
    for (const path of copied) {
      expect(existsSync(join(root, path)), path).toBe(true)
      expect(given).toContain(`!${path}`)
    }
    expect(lines.findLast((line) => line.startsWith('USER '))).toBe('USER node')
  })
})
