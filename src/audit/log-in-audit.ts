// Refused log-ins, written to the server's log and, where the ledger is a directory, to a file of its own
// in it. A key is written only where there is such an app or group: what else somebody types in its
// place may be a secret.
import type { Apps } from '../apps/apps.ts'
import { parseGroupKey } from '../apps/group.ts'
import type { Groups } from '../apps/groups.ts'
import type { Clock } from '../clock.ts'
import type { LogInAttempt } from '../http/failed-log-in.ts'
import { parseAppKey } from '../ledger/ids.ts'
import type { Log } from '../log.ts'
import { appendAuditLine, auditFiles } from './audit-file.ts'
import { auditLineOf } from './audit-line.ts'
import { openRefusedLogIns, type RefusedLogIn } from './refused-log-ins.ts'

export interface LogInAuditDeps {
  /** The data directory; undefined where the ledger is elsewhere. */
  readonly dir: string | undefined
  readonly apps: Pick<Apps, 'show'>
  readonly groups: Pick<Groups, 'show'>
  readonly clock: Clock
  readonly log: Log
}

export interface LogInAudit {
  /** Returns at once; never throws. */
  onRefused(attempt: LogInAttempt): void
  /** Writes what was only counted since the last minute. */
  summarise(): void
  /** The last summary; waits until it is written. */
  close(): Promise<void>
}

const minuteMs = 60_000
/** While so many lines wait for a disk, further ones go to the log alone. */
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
    // Of a token it is the id, which is no secret.
    if (key === '' || by === 'bearer') return key === '' ? null : key
    if (await isKnown(key).catch(() => false)) return key
    return `${key.slice(0, shownOfUnknown).replace(/[^\w-]/g, '?')}…`
  }
  const write = async (refused: RefusedLogIn, atMs: number, toFile: boolean): Promise<void> => {
    const { address = '(several)', by, path, count } = refused
    const key = await keyShown(refused)
    log.warn({ address, key, by, path, count }, 'log-in refused')
    if (dir === undefined || !toFile) return
    const entry = {
      ...{ actor: { address, key }, action: 'log-in', target: { path, by } },
      ...{ outcome: 'refused' as const, count },
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
