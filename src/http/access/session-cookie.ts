// The cookies that the tokens of sessions travel in: one for each app, so that a browser may be logged
// in to several. No script can read them, and no request that another site began carries them.
import { type AppKey, parseAppKey } from '../../ledger/ids.ts'
import { sessionMaxSeconds } from './session.ts'

const prefix = 'pushledger_session_'
const shape = /^[ \t]*pushledger_session_([0-9a-f]{24})=([\w-]{43})[ \t]*$/

/** The tokens that a Cookie header holds, by app; of an app named twice, one that is nobody's. */
export const tokensIn = (header: string | undefined): Map<AppKey, string> => {
  const tokens = new Map<AppKey, string>()
  for (const cookie of header?.split(';') ?? []) {
    const [, name = '', token = ''] = shape.exec(cookie) ?? []
    const key = parseAppKey(name)
    if (key !== undefined) tokens.set(key, tokens.has(key) ? '' : token)
  }
  return tokens
}

/** The value of a Set-Cookie header. `isSecure` keeps it from ever leaving without TLS. */
export const cookieOf = (key: AppKey, token: string, isSecure: boolean): string =>
  attributed(`${prefix}${key}=${token}`, sessionMaxSeconds, isSecure)

export const noCookieOf = (key: AppKey, isSecure: boolean): string =>
  attributed(`${prefix}${key}=`, 0, isSecure)

const attributed = (pair: string, maxAgeSeconds: number, isSecure: boolean): string =>
  `${pair}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`
