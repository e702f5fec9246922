// Sessions of people in a browser: a random token in the place of the secret, until it lies unused for
// hours, a day at most. Kept in memory, by the hash of the token alone, so that a restart ends them all.
// Like apps/feed.ts it keeps nothing of the tables: a session ends with its app, and with the secret it
// was begun with. The time is handed in.
import { hash } from 'node:crypto'
import type { AppRecord } from '../../apps/app-table.ts'
import type { Apps, Caller } from '../../apps/apps.ts'
import type { Random } from '../../apps/secret.ts'
import type { AppKey } from '../../ledger/ids.ts'

export interface Sessions {
  /** For whoever has just proven the app's secret; gives the token, which is kept nowhere. */
  begin(record: AppRecord, nowMs: number): string
  /** The app, where the token is of a session of it that goes on; counts as a use. */
  authenticate(key: AppKey, token: string, nowMs: number): Promise<Caller | undefined>
  /** Of a token that may be nobody's. */
  end(token: string): void
}

interface Session {
  /** As it was then. */
  readonly record: AppRecord
  readonly begunAtMs: number
  readonly usedAtMs: number
}

const tokenBytes = 32
const hourMs = 3_600_000
const unusedMaxMs = 8 * hourMs
export const sessionMaxSeconds = 24 * 3600
const keptMax = 10_000
/** So that whoever knows one secret cannot push out the sessions of other apps. */
const ofAppMax = 100

export const openSessions = (apps: Apps, random: Random): Sessions => {
  /** By the hash of the token, the one longest unused first. */
  const kept = new Map<string, Session>()
  const makeRoom = (key: AppKey): void => {
    const own = [...kept].filter(([, { record }]) => record.key === key)
    const [first] = own.length >= ofAppMax ? own : kept.size >= keptMax ? kept : []
    if (first !== undefined) kept.delete(first[0])
  }
  return {
    begin: (record, nowMs) => {
      makeRoom(record.key)
      const token = Buffer.from(random(tokenBytes)).toString('base64url')
      kept.set(nameOf(token), { record, begunAtMs: nowMs, usedAtMs: nowMs })
      return token
    },
    authenticate: async (key, token, nowMs) => {
      const name = nameOf(token)
      const session = kept.get(name)
      if (session === undefined || session.record.key !== key) return undefined
      const record = isOver(session, nowMs) ? undefined : await apps.show(key)
      // It may have been ended meanwhile, and must not come back.
      const isKept = kept.delete(name)
      if (!isKept || record === undefined || !isSame(record, session.record)) return undefined
      kept.set(name, { ...session, usedAtMs: nowMs })
      return { app: apps.open(record), record }
    },
    end: (token) => {
      kept.delete(nameOf(token))
    },
  }
}

const nameOf = (token: string): string => hash('sha256', token, 'base64url')

/** A clock that was set back ends a session too, or it might last for days. */
const isOver = ({ begunAtMs, usedAtMs }: Session, nowMs: number): boolean =>
  Math.abs(nowMs - begunAtMs) >= sessionMaxSeconds * 1000 ||
  Math.abs(nowMs - usedAtMs) >= unusedMaxMs

/** The same app, with the same secret. */
const isSame = (now: AppRecord, then: AppRecord): boolean =>
  now.id === then.id && now.secretHash === then.secretHash
