// Reads HTTP Basic and Bearer. Tolerant of what is inside: whatever cannot be read are simply
// credentials that nobody has. Knows nothing of apps.
import { createHash, timingSafeEqual } from 'node:crypto'

export interface Credentials {
  readonly key: string
  readonly secret: string
}

/** The credentials of an Authorization header, or undefined where it is not of the Basic scheme. */
export const parseBasic = (header: string | undefined): Credentials | undefined => {
  const encoded = wordOf(header, 'basic')
  if (encoded === undefined) return undefined
  // Latin-1 gives every byte a character: garbage stays garbage and cannot throw.
  const text = Buffer.from(encoded, 'base64').toString('latin1')
  const colon = text.indexOf(':')
  if (colon < 0) return undefined
  return { key: text.slice(0, colon), secret: text.slice(colon + 1) }
}

/** The token of an Authorization header, or undefined where it is not of the Bearer scheme. */
export const parseBearer = (header: string | undefined): string | undefined =>
  wordOf(header, 'bearer')

/** The one word that follows the name of the scheme, in time by the length of the header. */
const wordOf = (header = '', scheme: string): string | undefined => {
  const [name = '', value = '', ...more] = header.split(' ').filter((word) => word !== '')
  const isScheme = name.toLowerCase() === scheme && header.includes(`${name} `)
  return isScheme && more.length === 0 ? value : undefined
}

/** Whether the header holds this very token; takes the same time for every wrong one. */
export const bears = (header: string | undefined, token: string): boolean =>
  timingSafeEqual(digestOf(parseBearer(header) ?? ''), digestOf(token))

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest()
