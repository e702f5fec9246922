// pushledger export: takes reports, users and the facts of a message out of a ledger, beside running servers
// too, into a file that stands there only once it is whole, or to the standard output.
import { randomBytes } from 'node:crypto'
import { extname, resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { openApps } from '../apps/apps.ts'
import { factsTable } from '../export/facts.ts'
import { FORMAT_NAMES, type Form, type Format, runExport } from '../export/format.ts'
import { reportsTable } from '../export/reports.ts'
import type { Table } from '../export/table.ts'
import { usersTable } from '../export/users.ts'
import { type Times, timesOf } from '../ledger/believed-clock.ts'
import type { MessageReport } from '../ledger/field.ts'
import { type AppKey, type MsgId, parseMsgId } from '../ledger/ids.ts'
import type { App, Reader } from '../ledger/store.ts'
import { systemClock } from '../runtime/clock.ts'
import { SETTINGS } from '../settings/settings.ts'
import { type OpenedReader, openLedgerReader, openLedgerReaderAt } from '../store/open.ts'
import { atStore, audited } from './audited.ts'
import { type FileSink, openFile, openStdout, StdoutEnded } from './export-sink.ts'
import { openProgress } from './progress.ts'
import { keyOf, ledgerAt, mapBytesOf, noApp } from './tables.ts'
import { addSetting, addStore, type Options, orUsage, Refused, read, WrongUsage } from './usage.ts'

interface Given {
  readonly app?: AppKey
  readonly format?: Format
  readonly for?: 'spreadsheet'
  readonly out?: string
  readonly data?: string
  readonly mapSize?: string
  readonly store?: string
  readonly quiet?: boolean
}

/** Where a table comes from. */
interface Source {
  readonly reader: Reader
  readonly app: App
  /** Of the clock, as far as it is believed. */
  readonly times: Times
}

const reports: Readonly<Record<string, MessageReport>> = {
  received: '/received',
  'received-detail': '/received/detail',
  messages: '/messages',
  'messages-detail': '/messages/detail',
}
const units: Readonly<Record<string, 'DAY' | 'MONTH'>> = { day: 'DAY', month: 'MONTH' }

const oneOf = <T>(table: Readonly<Record<string, T>>) =>
  orUsage(
    (text) => (Object.hasOwn(table, text) ? table[text] : undefined),
    `one of ${Object.keys(table).join(', ')}`,
  )

const msgIdOf = orUsage(parseMsgId, 'an integer from 1 to 9223372036854775807')

export const addExport = (program: Command): void => {
  const all = program
    .command('export')
    .description('take reports, users or facts out of a ledger, beside a running server too')
  const verb = (name: string, text: string): Command => {
    const added = addStore(all.command(name).description(text))
    addSetting(added, SETTINGS.keepDays)
    return added
      .addOption(
        new Option('--app <key>', 'of this app; the only one unless told').argParser(keyOf),
      )
      .addOption(
        new Option('--format <form>', 'unless told, what the name of the file ends in, or csv') //
          .choices(FORMAT_NAMES),
      )
      .addOption(
        new Option('--for <reader>', 'guard ids in CSV from a spreadsheet that would change them') //
          .choices(['spreadsheet']),
      )
      .option('--out <file>', 'where to, a file that is not there yet; - is the standard output')
      .option('--quiet', 'show no progress')
  }
  verb('reports', 'a row a message: what a report says of it')
    .argument('[report]', `${Object.keys(reports).join(', ')}`, oneOf(reports), '/messages/detail')
    .action(
      exporting((report: MessageReport, given: Given) =>
        run(given, async ({ reader, app, times }) =>
          reportsTable(reader, app, report, times.keptMs),
        ),
      ),
    )
  verb('users', 'a row a day or month: the devices new, online and active in it')
    .argument('<unit>', 'day or month', oneOf(units))
    .action(
      exporting((unit: 'DAY' | 'MONTH', given: Given) =>
        run(given, async ({ reader, app, times }) => usersTable(reader, app, unit, times.nowMs)),
      ),
    )
  verb('facts', 'a row a fact of a message: device, way, stage, day')
    .argument('<msg_id>', 'the message', msgIdOf)
    .action(
      exporting((msgId: MsgId, given: Given) => run(given, (source) => factsOf(source, msgId))),
    )
}

/** An export that leaves a line in the audit log: what left the ledger, and where to. */
const exporting = <What>(verb: (what: What, given: Given) => Promise<void>) =>
  audited({
    at: atStore,
    target: ([what, { app, out = '-' }]) => {
      return { what: String(what), app, out: out === '-' ? out : resolve(out) }
    },
    verb,
  })

const factsOf = async ({ reader, app, times }: Source, msgId: MsgId) => {
  const { facts } = await reader.facts(app, { msgId, from: 0, limit: 1 }, times.keptMs)
  if (facts.length === 0) {
    throw new Refused(`nothing is known of message ${msgId}, or no longer: see --keep-days`)
  }
  return factsTable(reader, app, msgId, times.keptMs)
}

const run = async <Row>(
  given: Given,
  tableOf: (source: Source) => Promise<Table<Row>>,
): Promise<void> => {
  const { out = '-' } = given
  const format = given.format ?? formatOf(out)
  if (given.for !== undefined && format !== 'csv') {
    throw new WrongUsage(`--for spreadsheet goes with CSV, not with ${format}`)
  }
  if (out === '-' && format === 'parquet' && process.stdout.isTTY) {
    throw new WrongUsage('a terminal shows no Parquet: say --out')
  }
  const opened = await open(given)
  try {
    const app = await appOf(opened, given.app)
    const times = timesOf(await opened.clock.read(), systemClock())
    const table = await tableOf({ reader: opened.reader, app, times })
    // Before there is a file that a signal might leave behind.
    const stop = stopOnSignal()
    const sink = out === '-' ? openStdout() : await openFile(out)
    await write(table, given.for ?? format, sink, stop, given)
  } finally {
    await opened.close()
  }
}

const open = async ({ data, mapSize, ...options }: Given): Promise<OpenedReader> => {
  const keepDays = read(SETTINGS.keepDays, options as Options)
  const address = read(SETTINGS.store, options as Options)
  if (address !== null) return openLedgerReaderAt(address, keepDays)
  return openLedgerReader(ledgerAt(data), keepDays, mapBytesOf(mapSize))
}

/** By what its name ends in; CSV where it ends in nothing. */
const formatOf = (out: string): Format => {
  const ending = extname(out).slice(1).toLowerCase()
  const format = ending === '' ? 'csv' : FORMAT_NAMES.find((name) => name === ending)
  if (format !== undefined) return format
  const isSheet = ['xlsx', 'xls', 'xlsm', 'ods', 'numbers', 'tsv'].includes(ending)
  const hint = isSheet ? '; a spreadsheet opens --out FILE.csv --for spreadsheet' : ''
  throw new WrongUsage(
    `${out}: export does not write .${ending}, only ${FORMAT_NAMES.join(', ')}: ` +
      `end the name so, or say --format${hint}`,
  )
}

const appOf = async ({ apps }: OpenedReader, key: AppKey | undefined): Promise<App> => {
  const known = openApps(apps, randomBytes, systemClock)
  const records = await known.list()
  const [only] = records
  if (key === undefined && only === undefined) throw new Refused('there is no app')
  if (key === undefined && records.length > 1) {
    throw new WrongUsage('there are several apps: say --app; pushledger app list shows all')
  }
  const record = key === undefined ? only : records.find((each) => each.key === key)
  return known.open(record ?? noApp(key as AppKey))
}

const interruptedCode = 130

const write = async <Row>(
  table: Table<Row>,
  form: Form,
  sink: FileSink,
  stop: AbortSignal,
  { quiet }: Given,
): Promise<void> => {
  const progress = openProgress(process.stderr, quiet === true, 'rows')
  const parts = 1000
  try {
    const exported = await runExport(table, form, sink, {
      stop,
      onRows: (rows, part) =>
        progress.update({
          lines: rows,
          bytes: (part ?? 0) * parts,
          ofBytes: part === undefined ? undefined : parts,
        }),
    })
    if (exported === undefined) process.exitCode = interruptedCode
    else await sink.finish()
  } catch (cause) {
    if (!(cause instanceof StdoutEnded)) throw cause
  } finally {
    progress.close()
    await sink.close()
  }
}

/** The first signal ends it in order; a second finds no handler and ends the process at once. */
const stopOnSignal = (): AbortSignal => {
  const stop = new AbortController()
  const signals = ['SIGINT', 'SIGTERM'] as const
  const onSignal = (): void => {
    for (const signal of signals) process.removeListener(signal, onSignal)
    stop.abort()
  }
  for (const signal of signals) process.once(signal, onSignal)
  return stop.signal
}
