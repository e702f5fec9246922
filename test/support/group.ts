// A group of two apps of a test's server: the server's own app and another one.
import { parseAppName, parseTimeZone } from '../../src/apps/apps.ts'
import { parseGroupName } from '../../src/apps/groups.ts'
import type { AppKey } from '../../src/ledger/ids.ts'
import type { Reply, TestServer } from './server.ts'

export interface TestGroup {
  readonly key: string
  readonly secret: string
  /** The server's own app, then the other one. */
  readonly apps: readonly [AppKey, AppKey]
  readonly otherBasic: string
  /** With the group's credentials, unless the init says otherwise. */
  ask(path: string, init?: RequestInit): Promise<Reply>
  /** Tells the group's push: one message of each app. */
  tell(id: string, messages: Readonly<Record<string, string | number>>): Promise<Reply>
  /** Tells an event of the other app. */
  toldOther(line: object): Promise<Reply>
}

export const basicOf = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

export const openGroup = async (server: TestServer): Promise<TestGroup> => {
  const timeZone = parseTimeZone('Asia/Shanghai')!
  const other = (await server.apps.create({ name: parseAppName('b')!, vip: false, timeZone }))!
  const issued = (await server.groups.create({ name: parseGroupName('both')!, timeZone }))!
  const { key } = issued.record
  const apps = [server.record.key, other.record.key] as const
  for (const app of apps) await server.groups.add(key, app)
  const ask: TestGroup['ask'] = (path, init = {}) => {
    const headers = { authorization: basicOf(key, issued.secret), ...init.headers }
    return server.ask(path, { ...init, headers })
  }
  const otherBasic = basicOf(other.record.key, other.secret)
  return {
    key,
    secret: issued.secret,
    apps,
    otherBasic,
    ask,
    tell: (id, messages) => {
      const body = JSON.stringify({ group_msgid: id, messages })
      return ask('/v1/group/messages', { method: 'POST', body })
    },
    toldOther: (line) =>
      server.ask('/v1/events', {
        method: 'POST',
        body: JSON.stringify({ time: server.clock.nowMs, ...line }),
        headers: { authorization: otherBasic },
      }),
  }
}
