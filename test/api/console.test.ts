// The console's files as a browser gets them: packed where it takes them so, kept where their names
// change with them, under a policy that lets nothing else in.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ConsoleFile, readConsole } from '../../src/http/routes/console-file.ts'
import { type RawAnswer, request, talk } from '../support/raw.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { makeTempDir } from '../support/temp-dir.ts'

const page = `<!doctype html><html lang="zh"><title>账本</title>${' '.repeat(900)}</html>`
const script = `console.log(${JSON.stringify('x'.repeat(900))})`
const image = Buffer.from('89504e470d0a1a0a', 'hex')

const { path: dir, remove } = makeTempDir()
let files: readonly ConsoleFile[]
let server: TestServer
beforeAll(async () => {
  mkdirSync(join(dir, 'assets'))
  mkdirSync(join(dir, '.vite'))
  for (const [name, text] of [
    ['index.html', page],
    ['assets/index-Bx_4f.js', script],
  ] as const) {
    writeFileSync(join(dir, name), text)
    writeFileSync(join(dir, `${name}.br`), brotliCompressSync(text))
    writeFileSync(join(dir, `${name}.gz`), gzipSync(text))
  }
  writeFileSync(join(dir, 'assets/short-1.css'), 'a{}')
  writeFileSync(join(dir, 'logo.png'), image)
  writeFileSync(join(dir, '.vite/manifest.json'), '{}')
  files = await readConsole(dir)
  server = await startServer({ console: files })
})
afterAll(async () => {
  await server.close()
  remove()
})

/** Bytes as they are: fetch would unpack them. */
const get = async (path: string, ...headers: string[]): Promise<RawAnswer> => {
  const { answers } = await talk(server.port, [
    request(`GET ${path} HTTP/1.1`, 'Host: a', ...headers),
    1,
  ])
  return answers[0]!
}
const ask = (path: string, init: RequestInit = {}) =>
  server.ask(path, { ...init, headers: { authorization: '', ...init.headers } })

describe('the console', () => {
  it('is its page at /, and what the page loads', async () => {
    const { status, text, headers } = await ask('/')
    expect([status, text]).toEqual([200, page])
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    const loaded = await ask('/assets/index-Bx_4f.js')
    expect([loaded.status, loaded.text]).toEqual([200, script])
    expect(loaded.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect((await ask('/logo.png')).headers.get('content-type')).toBe('image/png')
  })

  it.each([
    '/index.html',
    '/assets',
    '/assets/',
    '/assets/index-Bx_4f.js.br',
    '/.vite/manifest.json',
    '/assets/../index.html',
    '/%2e%2e/package.json',
    '/assets/index-Bx_4f.js.map',
  ])('is nothing at %s', async (path) => {
    expect((await get(path)).status).toBe(404)
  })

  it('takes no other method', async () => {
    const { status, headers } = await ask('/', { method: 'POST' })
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  })

  it('stands in no document', async () => {
    const { text } = await ask('/openapi.json')
    expect(Object.keys((JSON.parse(text) as { paths: object }).paths)).not.toContain('/')
    expect(text).not.toContain('assets')
  })

  it('is not there without its files, and a missing folder has none', async () => {
    expect(await readConsole(join(dir, 'nowhere'))).toEqual([])
    const bare = await startServer()
    const { status, text } = await bare.ask('/')
    await bare.close()
    expect([status, JSON.parse(text)]).toMatchObject([404, { error: { code: 404 } }])
  })
})

describe('a file of it', () => {
  it.each(['/', '/assets/index-Bx_4f.js', '/logo.png'])('%s has a strict policy', async (path) => {
    const { headers } = await ask(path)
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    )
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
    expect(headers.get('vary')).toBe('accept-encoding')
    expect(headers.getSetCookie()).toEqual([])
  })

  it('is kept for good only where its name changes with it', async () => {
    const cached = async (path: string) => (await ask(path)).headers.get('cache-control')
    expect(await cached('/assets/index-Bx_4f.js')).toBe('public, max-age=31536000, immutable')
    expect(await cached('/')).toBe('no-cache')
    expect(await cached('/logo.png')).toBe('no-cache')
  })

  it.each([
    ['gzip, deflate, br', 'br'],
    ['gzip, deflate', 'gzip'],
    ['BR;q=0.1, gzip', 'br'],
    ['br;q=0, gzip;q=1.0', 'gzip'],
    ['br; q=0.000', undefined],
    ['brotli, x-gzip2', undefined],
    ['', undefined],
  ])('asked with Accept-Encoding "%s" comes as %s', async (accepted, encoding) => {
    const { answers, packets } = await talk(server.port, [
      request('GET / HTTP/1.1', 'Host: a', `Accept-Encoding: ${accepted}`, 'Connection: close'),
    ])
    const whole = Buffer.from(packets.join(''), 'latin1')
    const bytes = whole.subarray(whole.indexOf('\r\n\r\n') + 4)
    const { headers } = answers[0]!
    expect(headers['content-encoding']).toBe(encoding)
    expect(headers['content-length']).toBe(String(bytes.length))
    const unpack = { br: brotliDecompressSync, gzip: gunzipSync }[encoding ?? '']
    expect((unpack?.(bytes) ?? bytes).toString()).toBe(page)
  })

  it('is packed only where that makes it shorter', () => {
    const formsOf = (path: string) => {
      const { forms } = files.find((file) => file.path === path)!
      return forms.map(({ encoding }) => encoding)
    }
    expect(formsOf('/')).toEqual(['br', 'gzip', 'identity'])
    expect(formsOf('/assets/short-1.css')).toEqual(['identity'])
    expect(formsOf('/logo.png')).toEqual(['identity'])
  })

  it('is 304 for whoever holds that form of it', async () => {
    const packed = 'Accept-Encoding: br'
    const plain = (await get('/')).headers['etag']
    const tag = (await get('/', packed)).headers['etag']
    expect(tag).not.toBe(plain)
    const held = await get('/', packed, `If-None-Match: ${tag}`)
    expect([held.status, held.body, held.headers['etag']]).toEqual([304, '', tag])
    expect((await get('/', packed, `If-None-Match: ${plain}`)).status).toBe(200)
  })

  it('is answered to HEAD as to GET, without the body', async () => {
    for (const path of ['/', '/logo.png']) {
      const got = await ask(path)
      const head = await ask(path, { method: 'HEAD' })
      expect([head.status, head.text]).toEqual([200, ''])
      for (const name of ['content-length', 'content-type', 'etag', 'content-security-policy']) {
        expect(head.headers.get(name)).toBe(got.headers.get(name))
      }
    }
  })
})
