#!/usr/bin/env node
// The command: hands over to the verbs and turns whatever went wrong into one sentence on stderr and
// an exit code: 0 done, 1 refused or failed, 2 wrong usage. Never a stack trace.
import { Command, CommanderError } from 'commander'
import { Fault } from '../ledger/fault.ts'
import { reasonOf, systemSentenceOf } from '../runtime/system-error.ts'
import { environmentWarnings, SettingError } from '../settings/settings.ts'
import { Refused, WrongUsage } from './usage.ts'
import { VERBS } from './verbs.ts'
import { versionOf } from './version.ts'

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
  // Verbs load their modules when they run, so a broken installation shows up here.
  if ('code' in error && error.code === 'ERR_MODULE_NOT_FOUND') {
    return [`A part of pushledger is missing: install it again. ${error.message}`, 1]
  }
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
