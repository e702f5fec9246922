// A socket that is handed over, as systemd does: a small parent holds it and starts the server again
// whenever it ends; nobody who calls meanwhile is refused or loses an answer.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { expect, it } from 'vitest'
import { type Credentials, programPath, surroundings, workplace } from '../support/program.ts'
import { until } from '../support/until.ts'

/** Holds descriptor 3 and runs its arguments again and again, each time telling their process id. */
const parent = `
trap 'exit 0' USR1
while :; do
  sh -c 'echo "$$"; export LISTEN_PID=$$ LISTEN_FDS=1; exec "$@"' - "$@" || exit 1
done`

/** A socket that listens, at a number of this process that a child may be given. */
const listening = async () => {
  const server = createServer()
  server.listen({ port: 0, host: '127.0.0.1', backlog: 511 })
  await once(server, 'listening')
  const { _handle } = server as unknown as { readonly _handle: { readonly fd: number } }
  return { server, fd: _handle.fd, port: (server.address() as AddressInfo).port }
}

/** One call over a connection of its own. */
const ask = (port: number, path: string, { key, secret }: Credentials): Promise<string> =>
  new Promise((resolve, reject) => {
    const options = { port, host: '127.0.0.1', path, auth: `${key}:${secret}`, agent: new Agent() }
    const call = request(options, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (piece: string) => {
        text += piece
      })
      response.once('end', () => resolve(`${response.statusCode} ${text}`))
      response.once('error', reject)
    })
    call.once('error', reject)
    call.end()
  })

it.skipIf(process.platform === 'win32')(
  'is kept through restarts under load: no connection is refused, no answer lost',
  async () => {
    const place = workplace()
    const app = await place.createApp('held')
    const { server, fd, port } = await listening()
    const args = [process.execPath, programPath, 'serve', '--data', place.dir, '--rate-limit', '0']
    const holder = spawn('sh', ['-c', parent, '-', ...args, '--port', '1', '--json'], {
      env: surroundings(),
      stdio: ['ignore', 'pipe', 'ignore', fd],
    })
    // From here on the parent holds it alone.
    server.close()
    const pids: number[] = []
    const urls: string[] = []
    createInterface({ input: holder.stdout! }).on('line', (line) => {
      if (line.startsWith('{')) urls.push((JSON.parse(line) as { url: string }).url)
      else pids.push(Number(line))
    })
    try {
      await until('it listens', () => urls.length === 1, 30_000)
      expect(urls).toEqual([`http://127.0.0.1:${port}`])
      let isEnough = false
      const answers = new Map<string, number>()
      const call = async (): Promise<void> => {
        while (!isEnough) {
          const answer = await ask(port, '/v3/received?msg_ids=1', app).catch(String)
          answers.set(answer, (answers.get(answer) ?? 0) + 1)
        }
      }
      const calling = Promise.all(Array.from({ length: 8 }, call))
      for (let restarts = 1; restarts <= 3; restarts++) {
        process.kill(pids.at(-1)!, 'SIGTERM')
        await until('it listens again', () => urls.length === restarts + 1, 30_000)
      }
      isEnough = true
      await calling
      expect([...answers.keys()]).toEqual([expect.stringMatching(/^200 \[\{"msg_id":"1",/)])
      expect(new Set(pids).size).toBe(4)
    } finally {
      holder.kill('SIGUSR1')
      const last = pids.at(-1)
      if (last !== undefined) process.kill(last, 'SIGTERM')
      await once(holder, 'close')
    }
  },
  120_000,
)
