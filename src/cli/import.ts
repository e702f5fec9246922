// pushledger import: tells the lines of files to a running server, and goes on where an earlier run of
// the same command was broken off.
import { createHash } from 'node:crypto'
import type { Command } from 'commander'
import { type Client, type Credentials, openClient, type Wait } from '../client/retrying-client.ts'
import type { Target } from '../import/bookmark.ts'
import { nounOf } from '../import/elements.ts'
import { type Outcome, runImport, SourceError } from '../import/import.ts'
import { IMPORT_SETTINGS } from '../settings/settings.ts'
import { count } from './columns.ts'
import { addConnection, type Connection, connectionOf, sentenceOf } from './connection.ts'
import { summaryJson, summaryText } from './import-summary.ts'
import { openProgress, type ProgressLine } from './progress.ts'
import { addJson, addSetting, type Options, print, Refused, read, WrongUsage } from './usage.ts'

/** As many lines as a server takes in without holding others up for long. */
const bodyLinesMax = 20_000
const interruptedCode = 130

export const addImport = (program: Command): void => {
  const verb = program
    .command('import')
    .description('send files of events, NDJSON or JSON arrays, to a running server')
    .argument('<file...>', 'files, packed by gzip or not; - is the standard input')
  addConnection(verb, 'send')
  for (const setting of Object.values(IMPORT_SETTINGS)) addSetting<unknown>(verb, setting)
  verb
    .option('--gzip', 'pack bodies on their way, for a server that is far')
    .option('--quiet', 'show no progress')
  addJson(verb).action(run)
}

const run = async (files: readonly string[], options: Options): Promise<void> => {
  if (new Set(files).size < files.length) throw new WrongUsage('a file is named twice')
  const connection = connectionOf(options, 'send')
  const began = performance.now()
  const progress = openProgress(process.stderr, options['quiet'] === true)
  const stop = stopOnSignal(progress)
  const client = openPatientClient(connection, options, progress)
  const outcome = await withClient(client, progress, () =>
    runImport({
      files,
      stdin: process.stdin,
      client,
      target: targetOf(connection),
      connections: read(IMPORT_SETTINGS.connections, options),
      bodyBytesMax: read(IMPORT_SETTINGS.bodyBytes, options),
      bodyLinesMax,
      stateDir: read(IMPORT_SETTINGS.state, options) || undefined,
      gzip: options['gzip'] === true,
      onNotice: progress.note,
      onAnswered: progress.update,
      stop,
    }),
  )
  const seconds = (performance.now() - began) / 1000
  if (options['json']) print(summaryJson(outcome, seconds))
  else if (outcome.isComplete) print(summaryText(outcome, seconds))
  judge(outcome, stop.aborted)
}

const withClient = async (
  client: Client,
  progress: ProgressLine,
  work: () => Promise<Outcome>,
): Promise<Outcome> => {
  try {
    return await work()
  } catch (error) {
    throw error instanceof SourceError ? new Refused(error.message) : error
  } finally {
    progress.close()
    client.close()
  }
}

const openPatientClient = (
  { url, credentials }: Connection,
  options: Options,
  progress: ProgressLine,
): Client => {
  const seconds = read(IMPORT_SETTINGS.retryFor, options)
  const connections = read(IMPORT_SETTINGS.connections, options)
  let lastNoteMs = Number.NEGATIVE_INFINITY
  // All connections meet the same trouble: it is told once, not by each and at every try.
  const onWait = ({ fault }: Wait): void => {
    const nowMs = performance.now()
    if (nowMs - lastNoteMs < seconds * 1000) return
    lastNoteMs = nowMs
    progress.note(`${sentenceOf(fault)}; trying again for up to ${seconds} s`)
  }
  return openClient({ url, credentials, connections, retryForMs: seconds * 1000, onWait })
}

const targetOf = ({ url, credentials }: Connection): Target => ({ url, app: appOf(credentials) })

const appOf = (credentials: Credentials): string =>
  'key' in credentials
    ? credentials.key
    : createHash('sha256').update(credentials.token).digest('hex').slice(0, 24)

/** The first signal ends it in order; a second finds no handler and ends the process at once. */
const stopOnSignal = (progress: ProgressLine): AbortSignal => {
  const stop = new AbortController()
  const onSignal = (): void => {
    for (const signal of signals) process.removeListener(signal, onSignal)
    progress.note('stopping once what is under way is answered; once more ends it at once')
    stop.abort()
  }
  const signals = ['SIGINT', 'SIGTERM'] as const
  for (const signal of signals) process.once(signal, onSignal)
  return stop.signal
}

/** Throws, or sets the exit code, where not everything was told and accepted. */
const judge = (outcome: Outcome, isStopped: boolean): void => {
  const { failure, isComplete, files } = outcome
  if (isComplete) {
    if (files.some(({ tally }) => tally.refused > 0)) process.exitCode = 1
    return
  }
  const sentence = `${reasonOf(failure)}: ${howToGoOn(outcome)}`
  if (!isStopped) throw new Refused(sentence)
  process.stderr.write(`${sentence}\n`)
  process.exitCode = interruptedCode
}

const reasonOf = (failure: Outcome['failure']): string => {
  if (failure === undefined) return 'stopped'
  if (failure instanceof SourceError) return failure.message
  const hint = failure.status === 413 ? ', so say a smaller --body-bytes' : ''
  return sentenceOf(failure) + hint
}

const howToGoOn = ({ files }: Outcome): string => {
  const broken = files.find(({ isDone }) => !isDone)
  const noun = `${nounOf(broken?.form ?? 'lines')}s`
  const done = `${count(broken?.tally.lines ?? 0)} ${noun} of ${broken?.name} are answered`
  return broken?.isResumable
    ? `${done}; the same command goes on from there`
    : `${done}; the same command tells it from its start, which is safe where lines tell their time`
}
