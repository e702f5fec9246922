// Somebody in a browser: keeps the cookies that a server sets, as a browser would, and sends them along.
import type { Reply, TestServer } from './server.ts'

export interface Visitor {
  /** By name; what a test puts in is sent as well. */
  readonly cookies: Map<string, string>
  /** As the page of the console: with the cookies, without credentials. */
  ask(path: string, init?: RequestInit): Promise<Reply>
  /** As the page asks of an app. */
  askOf(app: string, path: string, init?: RequestInit): Promise<Reply>
  logIn(key: string, secret: string, headers?: Readonly<Record<string, string>>): Promise<Reply>
  logOut(key: string): Promise<Reply>
}

export const cookieName = (key: string): string => `pushledger_session_${key}`

export const visitorOf = ({ url }: Pick<TestServer, 'url'>): Visitor => {
  const cookies = new Map<string, string>()
  const ask: Visitor['ask'] = async (path, init = {}) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { ...(cookie !== '' && { cookie }), ...init.headers }
    const response = await fetch(url + path, { ...init, headers })
    for (const set of response.headers.getSetCookie()) keep(cookies, set)
    return { status: response.status, headers: response.headers, text: await response.text() }
  }
  const askOf: Visitor['askOf'] = (app, path, init = {}) =>
    ask(path, { ...init, headers: { 'x-pushledger-app': app, ...init.headers } })
  return {
    cookies,
    ask,
    askOf,
    logIn: (key, secret, headers = {}) =>
      ask('/v1/sessions', { method: 'POST', body: JSON.stringify({ key, secret }), headers }),
    logOut: (key) => askOf(key, '/v1/sessions', { method: 'DELETE' }),
  }
}

const keep = (cookies: Map<string, string>, set: string): void => {
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
  if (/; Max-Age=0(;|$)/.test(set)) cookies.delete(name)
  else cookies.set(name, value)
}
