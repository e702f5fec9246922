// The page of the document can be read without any other host: it runs no script, loads nothing, and
// its own policy would not let it. Its links lead somewhere, and no text in it is taken for markup.
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Document } from '../../src/openapi/document.ts'
import { pageOf } from '../../src/openapi/page.ts'
import { startServer, type TestServer } from '../support/server.ts'

let server: TestServer
let page: string
let headers: Headers
let document: Document
beforeAll(async () => {
  server = await startServer()
  const open = { headers: { authorization: '' } }
  const reply = await server.ask('/docs', open)
  page = reply.text
  headers = reply.headers
  document = JSON.parse((await server.ask('/openapi.json', open)).text) as Document
})
afterAll(() => server.close())

const attributes = (name: string): string[] =>
  [...page.matchAll(new RegExp(` ${name}="([^"]*)"`, 'g'))].map(([, value = '']) => value)

it('is HTML with a strict policy', () => {
  expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  const policy = headers.get('content-security-policy') ?? ''
  expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-/)
  expect(policy).not.toContain('unsafe')
  const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? []
  expect(policy).toContain(`'sha256-${createHash('sha256').update(style).digest('base64')}'`)
})

it('holds nothing that the policy would refuse', () => {
  expect(page).not.toMatch(/<(script|img|link|iframe|object|form)\b/i)
  expect(page).not.toMatch(/ (style|src|on\w+)=/i)
  expect(page.match(/<style>/g)).toHaveLength(1)
})

it('has every operation, every schema, and links that lead somewhere', () => {
  const ids = attributes('id')
  expect(new Set(ids).size).toBe(ids.length)
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods))
  expect(ids).toEqual(expect.arrayContaining(operations.map(({ operationId }) => operationId)))
  const schemas = Object.keys(document.components.schemas).map((name) => `schema-${name}`)
  expect(ids).toEqual(expect.arrayContaining(schemas))
  for (const link of attributes('href')) {
    expect(link === '/openapi.json' || ids.includes(link.replace('#', '')), link).toBe(true)
  }
})

it('takes no text for markup', () => {
  const evil = '<script>alert("1")</script> `<b>`'
  const info = { ...document.info, title: evil, description: evil }
  const text = pageOf({ ...document, info })
  expect(text).not.toContain('<script>')
  expect(text).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; <code>&lt;b&gt;</code>')
})
