// GET /docs: what this server answers, for people. The page may load nothing and run nothing.
import { createHash } from 'node:crypto'
import type { Document } from '../../openapi/document.ts'
import { pageOf, style } from '../../openapi/page.ts'
import type { OpenEndpoint } from '../endpoint/endpoint.ts'

const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
}

export const docsRoute = (document: () => Document): OpenEndpoint => {
  let page: string | undefined
  return {
    path: '/docs',
    method: 'GET',
    access: 'open',
    answer: async () => {
      page ??= pageOf(document())
      return { status: 200, body: page, headers }
    },
  }
}
