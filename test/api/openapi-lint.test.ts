// The OpenAPI document passes the strict rules of a well-known linter.
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { startServer } from '../support/server.ts'
import { makeTempDir } from '../support/temp-dir.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** Neither tells anybody of its runs nor asks for news. */
const silent = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' }

const { path: dir, remove } = makeTempDir()
afterAll(remove)

const lint = (path: string): Promise<{ readonly code: number; readonly told: string }> =>
  new Promise((resolve) => {
    const program = join(root, 'node_modules/@redocly/cli/bin/cli.js')
    const args = [program, 'lint', path, '--config', join(root, 'redocly.yaml')]
    const env = { ...process.env, ...silent }
    execFile(process.execPath, args, { cwd: root, env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), told: stdout + stderr })
    })
  })

it('nothing is wrong with the document (@redocly/cli, recommended-strict)', {
  timeout: 60_000,
}, async () => {
  const server = await startServer()
  const { text } = await server.ask('/openapi.json')
  await server.close()
  const path = join(dir, 'openapi.json')
  writeFileSync(path, text)
  const { code, told } = await lint(path)
  expect([code, told]).toEqual([0, expect.stringContaining('Your API description is valid')])
})
