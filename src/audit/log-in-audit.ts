// Rejected logins, written to the server's log and to a file in the data directory if there is one. A key
// is written in full only if an app or a group has it: other text in its place may be a secret.
import type { Apps } from '../apps/apps.ts'
import { parseGroupKey } from '../apps/group.ts'
import type { Groups } from '../apps/groups.ts'
import type { LogInAttempt } from '../http/access/login-throttle.ts'
import { parseAppKey } from '../ledger/ids.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Log } from '../runtime/log.ts'
import { appendAuditLine, auditFiles } from './audit-file.ts'
import { auditLineOf } from './audit-line.ts'
import { openRefusedLogIns, type RefusedLogIn } from './refused-log-ins.ts'

export interface LogInAuditDeps {
  /** The data directory; undefined if the ledger is in a database. */
  readonly dir: string | undefined
  readonly apps: Pick<Apps, 'show'>
  readonly groups: Pick<Groups, 'show'>
  readonly clock: Clock
  readonly log: Log
}

export interface LogInAudit {
  /** Returns at once; never throws. */
  onRefused(attempt: LogInAttempt): void
  /** Writes the counts of the last minute. */
  summarise(): void
  /** Writes the last counts, and waits for the disk. */
  close(): Promise<void>
}

const minuteMs = 60_000
/** While this many lines wait for the disk, more lines go to the log only. */
const waitingMax = 100
const shownOfUnknown = 4

export const openLogInAudit = ({ dir, apps, groups, clock, log }: LogInAuditDeps): LogInAudit => {
  const isKnown = async (text: string): Promise<boolean> => {
    const [app, group] = [parseAppKey(text), parseGroupKey(text.replace(/^group-/, ''))]
    return (
      (app !== undefined && (await apps.show(app)) !== undefined) ||
      (group !== undefined && (await groups.show(group)) !== undefined)
    )
  }
  const keyShown = async ({ key, by }: RefusedLogIn): Promise<string | null> => {
    if (key === undefined) return '(several)'
    // The key of a token is its id, which is not secret.
    if (key === '' || by === 'bearer') return key === '' ? null : key
    if (await isKnown(key).catch(() => false)) return key
    return `${key.slice(0, shownOfUnknown).replace(/[^\w-]/g, '?')}…`
  }
  const write = async (refused: RefusedLogIn, atMs: number, toFile: boolean): Promise<void> => {
    const { address = '(several)', by, path, count } = refused
    const key = await keyShown(refused)
    log.warn({ address, key, by, path, count }, 'login rejected')
    if (dir === undefined || !toFile) return
    const entry = {
      ...{ actor: { address, key }, action: 'login', target: { path, by } },
      ...{ outcome: 'rejected' as const, count },
    }
    try {
      await appendAuditLine(dir, auditFiles.logIns, auditLineOf(entry, atMs))
    } catch (error) {
      log.error({ err: error, file: auditFiles.logIns }, 'the audit log cannot be written')
    }
  }
  let waiting = 0
  let last = Promise.resolve()
  const refused = openRefusedLogIns((line) => {
    const atMs = clock()
    const toFile = waiting < waitingMax
    waiting += 1
    const written = toFile ? last.then(() => write(line, atMs, true)) : write(line, atMs, false)
    const ended = written.finally(() => {
      waiting -= 1
    })
    if (toFile) last = ended
  })
  const timer = setInterval(refused.summarise, minuteMs)
  timer.unref()
  return {
    onRefused: refused.note,
    summarise: refused.summarise,
    close: async () => {
      clearInterval(timer)
      refused.summarise()
      await last
    },
  }
}
