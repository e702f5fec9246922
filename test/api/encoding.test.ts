// The codings of a body: each alone, lists of them, broken ones, and the bounds that hold for every
// stage.
import * as zlib from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type TestServer } from '../support/server.ts'

const bodyBytesMax = 100_000

let server: TestServer
beforeAll(async () => {
  server = await startServer({ bodyBytesMax })
})
afterAll(() => server.close())

type Pack = (bytes: Uint8Array) => Buffer
const { zstdCompressSync } = zlib as unknown as { zstdCompressSync?: Pack }
const packs: Record<string, Pack> = {
  gzip: zlib.gzipSync,
  'x-gzip': zlib.gzipSync,
  deflate: zlib.deflateSync,
  'deflate without its header': zlib.deflateRawSync,
  br: zlib.brotliCompressSync,
  identity: (bytes) => Buffer.from(bytes),
  ...(zstdCompressSync && { zstd: zstdCompressSync }),
}
const names = Object.keys(packs)
const nameOf = (pack: string): string => pack.split(' ')[0] ?? ''

const post = async (body: Uint8Array, encoding: string) => {
  const { status, headers, text } = await server.ask('/v1/events', {
    method: 'POST',
    body: body as NonNullable<RequestInit['body']>,
    headers: { 'content-encoding': encoding },
  })
  return { status, accepts: headers.get('accept-encoding'), body: JSON.parse(text) }
}
const events = Buffer.from(
  ['a', 'b', 'c']
    .map((id) => `{"type":"online","platform":"ios","registration_id":"${id}"}\n`)
    .join(''),
)
const packedBy = (list: readonly string[], bytes: Uint8Array): Uint8Array =>
  list.reduce((packed, name) => packs[name]!(packed), bytes)

describe('a body is taken', () => {
  it.each(names)('in %s', async (name) => {
    const { status, body } = await post(packedBy([name], events), nameOf(name))
    expect([status, body.accepted]).toEqual([200, 3])
  })

  const pairs = names.flatMap((first) => names.map((second) => [first, second] as const))
  it.each(pairs)('in %s, then %s', async (first, second) => {
    const encoding = `${nameOf(first)},${nameOf(second)}`
    const { status, body } = await post(packedBy([first, second], events), encoding)
    expect([status, body.accepted]).toEqual([200, 3])
  })

  it('in three codings, with blanks, empty members, capitals and any number of identity', async () => {
    const packed = packedBy(['gzip', 'br', 'gzip'], events)
    const encoding = ` GZIP ,, identity,Br , x-gzip${', identity'.repeat(30)}`
    expect((await post(packed, encoding)).status).toBe(200)
  })

  it('that is empty, whatever it says', async () => {
    for (const name of names) expect((await post(Buffer.alloc(0), nameOf(name))).status).toBe(200)
  })
})

describe('a body is rejected', () => {
  it.each(['compress', 'gzip, compress', 'gzip;q=1', 'gzip gzip', 'gzip, gzip, gzip, gzip', '*'])(
    'in %s, naming what is understood',
    async (encoding) => {
      const { status, accepts, body } = await post(packs['gzip']!(events), encoding)
      const understood = `gzip, deflate, br,${zstdCompressSync ? ' zstd,' : ''} identity`
      expect([status, accepts, body.error.code]).toEqual([415, understood, 415])
      expect(body.error.message).toBe(
        `Content-Encoding must be of ${understood}, at most 3 of them`,
      )
    },
  )

  const packing = names.filter((name) => name !== 'identity')
  it.each(packing)('as broken %s', async (name) => {
    const packed = packedBy([name], events)
    for (const broken of [packed.subarray(0, -5), Buffer.from('\x00no such thing, not at all')]) {
      const { status, body } = await post(broken, nameOf(name))
      expect([status, body.error.code]).toEqual([400, 3002])
      expect(body.error.message).toMatch(
        new RegExp(`Content-Encoding says: broken ${nameOf(name).replace('x-', '')}$`),
      )
    }
  })

  it.each(packing)('as too large, unpacked from %s, in any stage', async (name) => {
    const blanks = Buffer.alloc(bodyBytesMax + 1, ' ')
    expect((await post(packedBy([name], blanks), nameOf(name))).status).toBe(413)
    expect((await post(packedBy([name], blanks.subarray(1)), nameOf(name))).status).toBe(200)
    // What stands between two stages is measured too.
    const between = packedBy([name], Buffer.alloc(bodyBytesMax + 1))
    expect((await post(between, `gzip, ${nameOf(name)}`)).status).toBe(413)
  })
})
