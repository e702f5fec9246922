// An import from a stream that does not end, against the real HTTP app: stopping does not wait for it.
import { PassThrough } from 'node:stream'
import { expect, it, onTestFinished } from 'vitest'
import { key, noon, secret, startServer } from '../../test/support/server.ts'
import { openClient } from '../client/retrying-client.ts'
import { runImport, type Sofar } from './import.ts'

it('stops while it waits for a stream, with all that was answered before', async () => {
  const server = await startServer()
  const client = openClient({ url: server.url, credentials: { key, secret } })
  onTestFinished(async () => {
    client.close()
    await server.close()
  })
  const stop = new AbortController()
  const stdin = new PassThrough()
  const line = `{"type":"online","registration_id":"a","platform":"ios","time":${noon}}\n`
  const answered: Sofar[] = []
  const notices: string[] = []
  stdin.write(line.repeat(5))
  const outcome = await runImport({
    files: ['-'],
    stdin,
    client,
    target: { url: server.url, app: key },
    connections: 3,
    bodyBytesMax: 1000,
    bodyLinesMax: 2,
    stateDir: undefined,
    gzip: false,
    stop: stop.signal,
    onNotice: (sentence) => notices.push(sentence),
    onAnswered: (sofar) => {
      answered.push(sofar)
      if (sofar.lines === 4) stop.abort()
    },
  })
  expect(answered).toEqual([
    { lines: 2, bytes: 0, ofBytes: undefined },
    { lines: 4, bytes: 0, ofBytes: undefined },
  ])
  expect(outcome).toMatchObject({ isComplete: false, failure: undefined, lines: 4 })
  expect(outcome.files[0]).toMatchObject({ isDone: false, isResumable: false })
  expect(notices).toHaveLength(1)
  expect(stdin.destroyed).toBe(true)
})
