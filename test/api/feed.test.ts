// GET /v1/feed over the wire: what became of bodies, and the refused lines as their author wrote them.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { FeedBody } from '../../src/http/endpoint/wire.ts'
import { noon, startServer, type TestServer } from '../support/server.ts'

let server: TestServer
const ask = async (query = ''): Promise<FeedBody> =>
  JSON.parse((await server.ask(`/v1/feed${query}`)).text) as FeedBody
const tell = (body: string) => server.ask('/v1/events', { method: 'POST', body })

beforeAll(async () => {
  server = await startServer({ vip: false })
})
afterAll(() => server.close())

it('tells bodies, facts, repeats and refusals by hour, and the lines that were refused', async () => {
  const good = '{"type":"sent","msg_id":"7","registration_ids":["a","b"],"platform":"android"}'
  const html = '{"type":"<script>","msg_id":"7","registration_id":"é"}'
  await tell(good)
  server.clock.nowMs += 3_600_000
  await tell(`${good}\n${html}\nnot json\n`)
  await tell(`[${html},{"x":1}]`)
  const { hours, refused_lines } = await ask()
  expect(hours).toEqual([
    { hour: '2014-06-12 12', bodies: 1, accepted: 2, repeated: 0, refused: {} },
    {
      hour: '2014-06-12 13',
      bodies: 2,
      accepted: 2,
      repeated: 2,
      refused: { bad_json: 1, bad_type: 3 },
    },
  ])
  expect(refused_lines.map(({ line, code, text }) => [line, code, text])).toEqual([
    [2, 'bad_type', '{"x":1}'],
    [1, 'bad_type', html],
    [3, 'bad_json', 'not json'],
    [2, 'bad_type', html],
  ])
  expect(refused_lines[0]).toMatchObject({
    at: new Date(noon + 3_600_000).toISOString(),
    message: expect.stringContaining('type must be one of'),
  })
  expect((await ask('?hours=1')).hours).toHaveLength(1)
})

it('remembers long lines by their beginning, whole characters only', async () => {
  await tell(`{"type":"${'推'.repeat(500)}"}`)
  const [{ text } = { text: '' }] = (await ask()).refused_lines
  expect(text).toBe(`{"type":"${'推'.repeat(63)}`)
})

it.each(['hours=0', 'hours=745', 'hours=x'])('refuses %s', async (query) => {
  const reply = await server.ask(`/v1/feed?${query}`)
  expect(reply.status).toBe(400)
  expect(reply.text).toContain('hours must be a whole number from 1 to 744')
})
