// Who may tell with a token: knows the app behind it, and has its use noted. Like apps.ts it keeps
// nothing of the tables, so that a token revoked by another process ends at once.
import type { Apps, Caller } from './apps.ts'
import { openLastUses } from './last-use.ts'
import { hashSecret, isSecret, mintTokenSecret, type Random } from './secret.ts'
import { parseToken, type TokenTable } from './token.ts'

export interface FeedDeps {
  readonly apps: Apps
  readonly tokens: TokenTable
  readonly random: Random
  readonly clock: () => number
  /** Told when a use could not be noted; the call is let in all the same. */
  readonly onTrouble: (error: unknown) => void
}

export interface Feed {
  /**
   * The app of a token; with `key`, only where that is the app's. Does the same work for an unknown
   * token as for a wrong secret.
   */
  authenticate(text: string, key?: string): Promise<Caller | undefined>
  /** Waits for the notes that are on their way; nobody may be let in after it. */
  close(): Promise<void>
}

export const openFeed = ({ apps, tokens, random, clock, onTrouble }: FeedDeps): Feed => {
  const nobody = hashSecret(mintTokenSecret(random), random)
  const lastUses = openLastUses(tokens, onTrouble)
  return {
    authenticate: async (text, key) => {
      const token = parseToken(text)
      const record = token && (await tokens.find(token.id))
      const isProven = isSecret(token?.secret ?? text, record ?? nobody)
      if (record === undefined || !isProven) return undefined
      if (key !== undefined && key !== record.app) return undefined
      const app = await apps.show(record.app)
      if (app === undefined || app.id !== record.appId) return undefined
      lastUses.note(record, clock())
      return { app: apps.open(app), record: app }
    },
    close: lastUses.close,
  }
}
