// GET / and whatever the page there loads: the console. Its policy lets it load and ask nothing but this
// server, and lets no page of others show it or reach into it.

import { encodingsTaken } from '../endpoint/content-encoding.ts'
import type { FileEndpoint } from '../endpoint/endpoint.ts'
import { isHeld } from '../endpoint/etag.ts'
import type { ConsoleFile, Form } from './console-file.ts'

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const ofAll = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  vary: 'accept-encoding',
}

export const consoleRoutes = (files: readonly ConsoleFile[]): readonly FileEndpoint[] =>
  files.map(({ path, type, isNamedByContent, forms }) => ({
    path,
    method: 'GET',
    access: 'file',
    answer: async ({ headers: asked }) => {
      const form = chosen(forms, asked['accept-encoding'])
      if (form === undefined) throw new Error(`${path} has no form`)
      const headers = {
        ...ofAll,
        'content-type': type,
        'cache-control': isNamedByContent ? 'public, max-age=31536000, immutable' : 'no-cache',
        etag: form.tag,
        ...(form.encoding !== 'identity' && { 'content-encoding': form.encoding }),
      }
      if (isHeld(asked['if-none-match'], form.tag)) return { status: 304, body: '', headers }
      return { status: 200, body: form.bytes, headers }
    },
  }))

const chosen = (forms: readonly Form[], accepted: string | undefined): Form | undefined => {
  const taken = encodingsTaken(accepted)
  return forms.find(({ encoding }) => encoding === 'identity' || taken.includes(encoding))
}
