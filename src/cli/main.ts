#!/usr/bin/env node
// The command: hands over to the verbs and turns whatever went wrong into one sentence on stderr and
// an exit code: 0 done, 1 refused or failed, 2 wrong usage. Never a stack trace.
import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { environmentWarnings, SettingError } from '../config.ts'
import { Fault } from '../ledger/fault.ts'
import { reasonOf, systemSentenceOf } from '../system-error.ts'
import { Refused, WrongUsage } from './usage.ts'

const versionOf = (): string => {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return String((JSON.parse(manifest) as { version: unknown }).version)
}

type Add = (program: Command) => void

/** In the order in which help lists them. Each is loaded when it is named, for it starts much sooner so. */
const VERBS: Readonly<Record<string, () => Promise<Add>>> = {
  serve: async () => (await import('./serve.ts')).addServe,
  demo: async () => (await import('./demo.ts')).addDemo,
  app: async () => (await import('./app.ts')).addApp,
  group: async () => (await import('./group.ts')).addGroup,
  import: async () => (await import('./import.ts')).addImport,
  report: async () => (await import('./report.ts')).addReport,
  export: async () => (await import('./export.ts')).addExport,
  token: async () => (await import('./token.ts')).addToken,
  config: async () => (await import('./config.ts')).addConfig,
  migrate: async () => (await import('./migrate.ts')).addMigrate,
  move: async () => (await import('./move.ts')).addMove,
  verify: async () => (await import('./verify.ts')).addVerify,
  backup: async () => (await import('./copy.ts')).addBackup,
  compact: async () => (await import('./copy.ts')).addCompact,
}

/** With one verb where it is named first, else with all of them, to help or to refuse. */
const programOf = async (named = ''): Promise<Command> => {
  // Settings that a verb takes over must be made before its commands are.
  const program = new Command('pushledger')
    .description('A ledger of push deliveries that answers report queries')
    .version(versionOf())
    .exitOverride()
    .configureOutput({
      // On one line, a suggestion too.
      outputError: (text, write) => write(text.replace(/^error: /, '').replaceAll(/\n(?=.)/g, ' ')),
    })
    .showHelpAfterError(false)
  const one = Object.hasOwn(VERBS, named) ? VERBS[named] : undefined
  const all = one === undefined ? Object.values(VERBS) : [one]
  for (const add of await Promise.all(all.map((load) => load()))) add(program)
  return program
}

/** The sentence and the exit code of an error. */
const verdictOf = (error: unknown): readonly [string, number] => {
  // Commander has written its own sentence, or the help that was asked for.
  if (error instanceof CommanderError) return ['', error.exitCode === 0 ? 0 : 2]
  if (!(error instanceof Error)) return [`it failed: ${String(error)}`, 1]
  if (error instanceof SettingError || error instanceof WrongUsage) return [error.message, 2]
  const isSentence =
    error instanceof Refused || error instanceof Fault || error.name === 'StoreError'
  if (isSentence) return [error.message, 1]
  return [systemSentenceOf(error) ?? `it failed unexpectedly: ${error.message}`, 1]
}

// Whoever reads may stop reading (EPIPE) and is not told; a full disk is.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return
  process.stderr.write(`stdout cannot be written: ${reasonOf(error)}\n`)
  process.exitCode = 1
})

/** Of serve they stand in the log. */
const warnOfVariables = (verb = ''): void => {
  if (!Object.hasOwn(VERBS, verb) || verb === 'serve') return
  for (const sentence of environmentWarnings()) process.stderr.write(`warning: ${sentence}\n`)
}

try {
  warnOfVariables(process.argv[2])
  const program = await programOf(process.argv[2])
  await program.parseAsync()
} catch (error) {
  const [sentence, exitCode] = verdictOf(error)
  if (sentence !== '') process.stderr.write(`${sentence}\n`)
  process.exitCode = exitCode
}
