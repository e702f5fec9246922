#!/usr/bin/env node
// The command: hands over to the verbs and turns whatever went wrong into one sentence on stderr and
// an exit code: 0 done, 1 refused or failed, 2 wrong usage. Never a stack trace.
import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { SettingError } from '../config.ts'
import { Fault } from '../ledger/fault.ts'
import { addApp } from './app.ts'
import { addConfig } from './config.ts'
import { addCopy } from './copy.ts'
import { addDemo } from './demo.ts'
import { addExport } from './export.ts'
import { addGroup } from './group.ts'
import { addImport } from './import.ts'
import { addReport } from './report.ts'
import { addServe } from './serve.ts'
import { addToken } from './token.ts'
import { Refused, WrongUsage } from './usage.ts'
import { addVerify } from './verify.ts'

const versionOf = (): string => {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return String((JSON.parse(manifest) as { version: unknown }).version)
}

const programOf = (): Command => {
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
  addServe(program)
  addDemo(program)
  addApp(program)
  addGroup(program)
  addImport(program)
  addReport(program)
  addExport(program)
  addToken(program)
  addConfig(program)
  addVerify(program)
  addCopy(program)
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
  return [isSentence ? error.message : `it failed unexpectedly: ${error.message}`, 1]
}

// Whoever reads may stop reading (EPIPE) and is not told; a full disk is.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return
  process.stderr.write(`stdout cannot be written: ${error.message}\n`)
  process.exitCode = 1
})

try {
  await programOf().parseAsync()
} catch (error) {
  const [sentence, exitCode] = verdictOf(error)
  if (sentence !== '') process.stderr.write(`${sentence}\n`)
  process.exitCode = exitCode
}
