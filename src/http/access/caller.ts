// Who calls: an app by its masterSecret, or by a session of somebody who knows it; where an app is told,
// by one of its feed tokens; a group by its secret.
import type { IncomingHttpHeaders } from 'node:http'
import type { Apps, Caller } from '../../apps/apps.ts'
import type { Group, Groups } from '../../apps/groups.ts'
import { isLikeToken, parseToken } from '../../apps/token.ts'
import type { Feed } from '../../apps/token-auth.ts'
import { Fault } from '../../ledger/fault.ts'
import { type AppKey, parseAppKey } from '../../ledger/ids.ts'
import type { AppEndpoint, Endpoint } from '../endpoint/endpoint.ts'
import type { Challenge } from '../endpoint/fault-response.ts'
import { parseBasic, parseBearer } from './authorization.ts'
import type { LogInAttempt } from './login-throttle.ts'
import type { Sessions } from './session.ts'
import { tokensIn } from './session-cookie.ts'

export interface Doors {
  readonly apps: Apps
  readonly feed: Feed
  readonly groups: Groups
  /** Where people may log in. */
  readonly sessions?: Sessions | undefined
}

/**
 * Names the app that a session is asked for. No page of another site can send it: a form has no headers,
 * and a browser asks ahead whether a script may, which cors.ts never allows.
 */
export const appHeader = 'x-pushledger-app'

/** Throws unauthorized. Without an Authorization header it can only be a session. */
export const callerOf = async (
  doors: Doors,
  access: AppEndpoint['access'],
  headers: IncomingHttpHeaders,
  nowMs: number,
): Promise<Caller> => {
  const { authorization } = headers
  const find = access === 'feed' ? findTeller : findApp
  const caller =
    authorization === undefined && access !== 'feed'
      ? await findVisitor(doors, headers, nowMs)
      : await find(doors, authorization)
  if (caller === undefined) throw new Fault('unauthorized', messageOf(headers, access))
  return caller
}

/** Throws unauthorized. */
export const groupOf = async (
  { groups }: Doors,
  authorization: string | undefined,
): Promise<Group> => {
  const credentials = parseBasic(authorization)
  const group = credentials && (await groups.authenticate(credentials.key, credentials.secret))
  if (group === undefined) throw new Fault('unauthorized', bearerMessage(authorization, 'group'))
  return group
}

/** The key and the scheme of a rejected request; never its secret. */
export const triedOf = (headers: IncomingHttpHeaders): Pick<LogInAttempt, 'key' | 'by'> => {
  const { authorization } = headers
  if (authorization === undefined) {
    const isTried = headers[appHeader] !== undefined
    return { key: appIn(headers) ?? '', by: isTried ? 'session' : undefined }
  }
  const basic = parseBasic(authorization)
  if (basic !== undefined) return { key: basic.key, by: 'basic' }
  const bearer = parseBearer(authorization)
  // A token has a public half, its id. Any part of other text may be secret.
  const id = bearer === undefined ? undefined : parseToken(bearer)?.id
  return { key: id ?? '', by: bearer === undefined ? 'other' : 'bearer' }
}

/** Whether it was a session that somebody wanted to be let in by. */
export const isVisit = (headers: IncomingHttpHeaders): boolean =>
  headers.authorization === undefined && headers[appHeader] !== undefined

/** The app that a session is asked for. */
export const appIn = (headers: IncomingHttpHeaders): AppKey | undefined =>
  parseAppKey(String(headers[appHeader] ?? ''))

const messageOf = (
  headers: IncomingHttpHeaders,
  access: AppEndpoint['access'],
): string | undefined =>
  isVisit(headers)
    ? 'There is no such session, or it has ended: log in'
    : bearerMessage(headers.authorization, access)

/** What is said of a token; undefined where none was sent. */
const bearerMessage = (
  authorization: string | undefined,
  access: AppEndpoint['access'] | 'group',
): string | undefined => {
  if (parseBearer(authorization) === undefined) return undefined
  return access === 'feed'
    ? 'Bearer authentication failed: there is no such feed token, or it was revoked'
    : 'Bearer authentication failed: this needs Basic, with key and secret; feed tokens only send events'
}

/** How somebody who was not let in may log in there. */
export const challengeOf = (
  access: Endpoint['access'] | undefined,
  headers: IncomingHttpHeaders,
): Challenge => {
  if (access === 'operator') return 'bearer'
  if (isVisit(headers)) return 'session'
  const isBearer = access === 'feed' && parseBearer(headers.authorization) !== undefined
  return isBearer ? 'basicOrBearer' : 'basic'
}

type Find = (doors: Doors, authorization: string | undefined) => Promise<Caller | undefined>

const findApp: Find = async ({ apps }, authorization) => {
  const credentials = parseBasic(authorization)
  return credentials && apps.authenticate(credentials.key, credentials.secret)
}

const findVisitor = async (
  { sessions }: Doors,
  headers: IncomingHttpHeaders,
  nowMs: number,
): Promise<Caller | undefined> => {
  const key = appIn(headers)
  if (key === undefined) return undefined
  const token = tokensIn(headers.cookie).get(key) ?? ''
  return sessions?.authenticate(key, token, nowMs)
}

const findTeller: Find = async (doors, authorization) => {
  const bearer = parseBearer(authorization)
  if (bearer !== undefined) return doors.feed.authenticate(bearer)
  const credentials = parseBasic(authorization)
  if (credentials !== undefined && isLikeToken(credentials.secret)) {
    return doors.feed.authenticate(credentials.secret, credentials.key)
  }
  return findApp(doors, authorization)
}
