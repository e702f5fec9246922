// /v1/sessions: how somebody in a browser logs in to apps and out again, and which they are logged in to.
// The secret comes once; from then on the browser sends a cookie that it shows to no script.
import type { Apps } from '../../apps/apps.ts'
import { Fault } from '../../ledger/fault.ts'
import type { AppKey } from '../../ledger/ids.ts'
import { appHeader, appIn } from '../access/caller.ts'
import type { FailedLogIns } from '../access/login-throttle.ts'
import { isFromElsewhere, isFromSecurePage } from '../access/origin.ts'
import type { Sessions } from '../access/session.ts'
import { cookieOf, noCookieOf, tokensIn } from '../access/session-cookie.ts'
import type { Answer, SessionEndpoint, VisitorCall } from '../endpoint/endpoint.ts'
import { contentType, faultResponse } from '../endpoint/fault-response.ts'
import type { SessionApp, SessionsBody } from '../endpoint/wire.ts'

export interface SessionDeps {
  readonly apps: Apps
  readonly sessions: Sessions
  readonly failedLogIns: FailedLogIns
  /** Whether the server itself speaks TLS. */
  readonly isTls: boolean
}

const path = '/v1/sessions'
const bodyBytesMax = 4096

export const sessionRoutes = (deps: SessionDeps): readonly SessionEndpoint[] => {
  const { sessions, isTls } = deps
  const isSecure = ({ headers }: VisitorCall) => isTls || isFromSecurePage(headers)
  const told = async (tokens: Tokens, nowMs: number, cookie?: string): Promise<Answer> => {
    const body: SessionsBody = { apps: await appsOf(sessions, tokens, nowMs) }
    const headers = { 'content-type': contentType, 'cache-control': 'no-store' }
    const more = cookie === undefined ? {} : { 'set-cookie': cookie }
    return { status: 200, body: JSON.stringify(body), headers: { ...headers, ...more } }
  }
  const answerAll: SessionEndpoint['answer'] = ({ headers, nowMs }) =>
    told(tokensIn(headers.cookie), nowMs)

  const logIn: SessionEndpoint['answer'] = async (call) => {
    const { headers, address, nowMs } = call
    // Or a page could log its visitors in to an app of its own, and they would not notice.
    if (isFromElsewhere(headers)) {
      throw new Fault('notPermitted', 'Only a page of this server may log in')
    }
    const { key, secret } = parseLogIn(await call.body(bodyBytesMax))
    const caller = await deps.apps.authenticate(key, secret)
    if (caller === undefined) {
      await deps.failedLogIns.wait({ address: address ?? '', key, by: 'session', path }, nowMs)
      return faultResponse(new Fault('unauthorized', 'Unknown key or wrong secret'), 'session')
    }
    const { record } = caller
    const tokens = tokensIn(headers.cookie)
    sessions.end(tokens.get(record.key) ?? '')
    const token = sessions.begin(record, nowMs)
    tokens.set(record.key, token)
    return told(tokens, nowMs, cookieOf(record.key, token, isSecure(call)))
  }

  const logOut: SessionEndpoint['answer'] = async (call) => {
    const { headers, nowMs } = call
    const key = appIn(headers)
    if (key === undefined) throw new Fault('badParameter', `${appHeader} must be the key of an app`)
    const tokens = tokensIn(headers.cookie)
    sessions.end(tokens.get(key) ?? '')
    tokens.delete(key)
    return told(tokens, nowMs, noCookieOf(key, isSecure(call)))
  }

  return [
    { path, method: 'GET', access: 'session', answer: answerAll },
    { path, method: 'POST', access: 'session', answer: logIn },
    { path, method: 'DELETE', access: 'session', answer: logOut },
  ]
}

type Tokens = ReadonlyMap<AppKey, string>

const appsOf = async (
  sessions: Sessions,
  tokens: Tokens,
  nowMs: number,
): Promise<readonly SessionApp[]> => {
  const callers = await Promise.all(
    [...tokens].map(([key, token]) => sessions.authenticate(key, token, nowMs)),
  )
  return callers.flatMap((caller) => {
    if (caller === undefined) return []
    const { key, name, vip, timeZone } = caller.record
    return [{ key, name, vip, time_zone: timeZone }]
  })
}

interface LogIn {
  readonly key: string
  readonly secret: string
}

const parseLogIn = (body: Uint8Array): LogIn => {
  try {
    const { key, secret } = JSON.parse(Buffer.from(body).toString()) as Record<string, unknown>
    if (typeof key === 'string' && typeof secret === 'string') return { key, secret }
  } catch {
    // No JSON, or null: told as anything else that is no log-in.
  }
  throw new Fault('badParameter', 'the body must be {"key": "…", "secret": "…"}')
}
