// pushledger move: copies everything a directory holds into a ClickHouse, beside a progress bar, goes on
// where it was broken off, and compares the reports of both at the end.
import type { Command } from 'commander'
import type { Target } from '../audit/audit-line.ts'
import { systemClock } from '../runtime/clock.ts'
import { SETTINGS } from '../settings/settings.ts'
import { nameOf } from '../store/clickhouse/address.ts'
import { move } from '../store/move/move.ts'
import { hasLedger } from '../store/open.ts'
import { audited } from './audited.ts'
import { count } from './columns.ts'
import { openProgress } from './progress.ts'
import { addJson, addSetting, type Options, print, Refused, read, WrongUsage } from './usage.ts'

const from = { ...SETTINGS.data, flag: 'from', text: 'the directory to copy' }
const to = { ...SETTINGS.store, flag: 'to', text: 'the ClickHouse to copy it into' }

export const addMove = (program: Command): void => {
  const verb = program
    .command('move')
    .description('copy everything a directory holds into a ClickHouse, and compare both')
    .option('--quiet', 'without a progress line')
  addSetting(verb, from)
  addSetting(verb, SETTINGS.mapSize)
  addSetting<unknown>(verb, to)
  addSetting(verb, SETTINGS.keepDays)
  const at = (options: Options) => read(from, options)
  addJson(verb).action(audited({ at, target: targetOf, verb: run }))
}

const targetOf = ([options]: readonly [Options]): Target => {
  const address = read(to, options)
  return address === null ? {} : { to: nameOf(address) }
}

const run = async (options: Options): Promise<Target> => {
  const dir = read(from, options)
  const address = read(to, options)
  if (address === null) throw new WrongUsage('say where to: --to (PUSHLEDGER_STORE)')
  if (!hasLedger(dir))
    throw new Refused(`There is no ledger in ${dir}: name its directory with --from.`)
  const progress = openProgress(process.stderr, options['quiet'] === true, 'facts')
  try {
    const moved = await move({
      from: dir,
      to: address,
      mapBytes: read(SETTINGS.mapSize, options),
      keepDays: read(SETTINGS.keepDays, options),
      nowMs: systemClock(),
      onProgress: (facts, messages, of) =>
        progress.update({ lines: facts, bytes: messages, ofBytes: of }),
    })
    progress.close()
    if (options['json']) print(JSON.stringify(moved))
    else {
      print(
        `apps ${count(moved.apps)}, messages ${count(moved.messages)}, facts copied ${count(moved.facts)}: both answer alike`,
      )
    }
    return { apps: moved.apps, messages: moved.messages, facts: moved.facts }
  } finally {
    progress.close()
  }
}
