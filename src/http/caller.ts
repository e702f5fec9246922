// Who calls: an app by its masterSecret, or, where an app is told, by one of its feed tokens; a group by
// its secret.
import type { Apps, Caller } from '../apps/apps.ts'
import type { Feed } from '../apps/feed.ts'
import type { Group, Groups } from '../apps/groups.ts'
import { isLikeToken } from '../apps/token.ts'
import { Fault } from '../ledger/fault.ts'
import { parseBasic, parseBearer } from './auth.ts'
import type { AppEndpoint } from './endpoint.ts'

export interface Doors {
  readonly apps: Apps
  readonly feed: Feed
  readonly groups: Groups
}

/** Throws unauthorized. */
export const callerOf = async (
  doors: Doors,
  access: AppEndpoint['access'],
  authorization: string | undefined,
): Promise<Caller> => {
  const find = access === 'feed' ? findTeller : findApp
  const caller = await find(doors, authorization)
  if (caller === undefined) throw new Fault('unauthorized')
  return caller
}

/** Throws unauthorized. */
export const groupOf = async (
  { groups }: Doors,
  authorization: string | undefined,
): Promise<Group> => {
  const credentials = parseBasic(authorization)
  const group = credentials && (await groups.authenticate(credentials.key, credentials.secret))
  if (group === undefined) throw new Fault('unauthorized')
  return group
}

type Find = (doors: Doors, authorization: string | undefined) => Promise<Caller | undefined>

const findApp: Find = async ({ apps }, authorization) => {
  const credentials = parseBasic(authorization)
  return credentials && apps.authenticate(credentials.key, credentials.secret)
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
