// GET /readyz on the wire: ready or not and why, to anybody, whatever else the server answers.
import { describe, expect, it, onTestFinished } from 'vitest'
import { startServer } from '../support/server.ts'

const start = async (reasons: readonly string[], warned: readonly string[] = []) => {
  const server = await startServer({ notReady: () => reasons, warnings: () => warned })
  onTestFinished(server.close)
  return server
}

describe('GET /readyz', () => {
  it('is 200 where nothing speaks against it', async () => {
    const { url } = await start([])
    const answer = await fetch(`${url}/readyz`)
    expect([answer.status, await answer.text()]).toEqual([200, '{"status":"ready"}'])
  })

  it('is 200 with what an operator should see to', async () => {
    const { url } = await start([], ['clock'])
    const answer = await fetch(`${url}/readyz`)
    const text = '{"status":"ready","warnings":["clock"]}'
    expect([answer.status, await answer.text()]).toEqual([200, text])
  })

  it('is 503 with every reason, while the server is healthy', async () => {
    const { url } = await start(['stopping', 'disk'])
    const answer = await fetch(`${url}/readyz`)
    expect(answer.status).toBe(503)
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(await answer.text()).toBe('{"status":"not ready","not_ready":["stopping","disk"]}')
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
  })

  it('has no body for HEAD, and takes nothing but GET', async () => {
    const { url } = await start(['disk'])
    const head = await fetch(`${url}/readyz`, { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([503, ''])
    const post = await fetch(`${url}/readyz`, { method: 'POST' })
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  })
})
