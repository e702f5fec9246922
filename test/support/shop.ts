// A server with the console as it was built: what tests in a browser look at.
import { fileURLToPath } from 'node:url'
import { readConsole } from '../../src/http/console-file.ts'
import { startServer, type TestServer, type TestSettings } from './server.ts'

export interface Credentials {
  readonly key: string
  readonly secret: string
}

const built = fileURLToPath(new URL('../../dist/console', import.meta.url))

/** With the console's own files, and the clock at now. */
export const startConsole = async (settings: TestSettings = {}): Promise<TestServer> => {
  const files = await readConsole(built)
  if (files.length === 0) throw new Error('the console is not built: npm run build')
  const server = await startServer({ console: files, ...settings })
  server.clock.nowMs = Date.now()
  return server
}
