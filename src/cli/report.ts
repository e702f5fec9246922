// pushledger report: asks a running server, and prints a table that a person reads, or the answer as
// it came.
import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { openClient } from '../client/retrying-client.ts'
import { reasonOf } from '../runtime/system-error.ts'
import { addConnection, connectionOf, sentenceOf } from './connection.ts'
import {
  messagesDetailTable,
  messagesTable,
  receivedTable,
  statusTable,
  usersTable,
} from './report-tables.ts'
import { addJson, type Options, print, Refused, WrongUsage } from './usage.ts'

/** A person waits for the answer. */
const retryForMs = 1500
/** What the server takes in one question. */
const devicesAtOnce = 1000

interface Report {
  readonly name: string
  readonly text: string
  readonly table: (answer: string) => string
}

/** The reports that are asked by message ids alone. */
const byMessage: readonly Report[] = [
  { name: 'received', text: 'devices that received each message', table: receivedTable },
  {
    name: 'received-detail',
    text: 'the same by way of delivery',
    table: receivedTable,
  },
  { name: 'messages', text: 'the stages of each message per platform', table: messagesTable },
  {
    name: 'messages-detail',
    text: 'the stages of each message per channel',
    table: messagesDetailTable,
  },
]

export const addReport = (program: Command): void => {
  const report = program.command('report').description('ask a running server for a report')
  const verb = (name: string, text: string): Command =>
    addJson(addConnection(report.command(name).description(text), 'query'))

  for (const { name, text, table } of byMessage) {
    verb(name, text)
      .argument('<ids...>', 'message ids, apart by commas or blanks')
      .action(async (ids: readonly string[], options: Options) => {
        const path = `/v3/${name.replace('-', '/')}?${query({ msg_ids: ids.join(',') })}`
        const [answer = ''] = await ask(options, [{ path }])
        print(options['json'] ? answer : table(answer))
      })
  }
  verb('status', 'how a message stands on each device')
    .argument('<id>', 'the message id')
    .argument('[registration-ids...]', 'the devices')
    .option('--date <day>', 'as of the end of that day, like 2026-01-31')
    .option('--file <file>', 'more devices, one a line; - is the standard input')
    .action(status)
  verb('users', 'new, online and active devices')
    .argument('<unit>', 'hour, day or month')
    .argument('<start>', 'the first: "2026-01-31 09", 2026-01-31 or 2026-01')
    .argument('<duration>', 'how many')
    .action(async (unit: string, start: string, duration: string, options: Options) => {
      const path = `/v3/users?${query({ time_unit: unit, start, duration })}`
      const [answer = ''] = await ask(options, [{ path }])
      print(options['json'] ? answer : usersTable(answer))
    })
}

const status = async (msgId: string, named: readonly string[], options: Options): Promise<void> => {
  const { file, date } = options
  const listed = typeof file === 'string' ? linesOf(file) : []
  const devices = [...new Set([...named, ...listed])]
  if (devices.length === 0) throw new WrongUsage('say which devices, or --file')
  const questions: Question[] = []
  for (let from = 0; from < devices.length; from += devicesAtOnce) {
    const ids = devices.slice(from, from + devicesAtOnce)
    const body = JSON.stringify({ msg_id: msgId, registration_ids: ids, date: date ?? null })
    questions.push({ path: '/v3/status/message', body })
  }
  const answers = await ask(options, questions)
  // As text, since an object would put ids that look like numbers first.
  const answer = `{${answers.map((text) => text.trim().slice(1, -1)).join(',')}}`
  print(options['json'] ? answer : statusTable(answer, devices))
}

const linesOf = (file: string): string[] => {
  try {
    const text = readFileSync(file === '-' ? 0 : file, 'utf8')
    return text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
  } catch (cause) {
    throw new Refused(`${file} cannot be read: ${reasonOf(cause)}`)
  }
}

interface Question {
  readonly path: string
  readonly body?: string
}

/** The texts of the answers; throws Refused at the first fault. */
const ask = async (options: Options, questions: readonly Question[]): Promise<string[]> => {
  const connection = connectionOf(options, 'query')
  const client = openClient({ ...connection, connections: 1, retryForMs })
  try {
    const answers: string[] = []
    for (const { path, body } of questions) {
      const { text, fault } = await client.ask(path, body)
      if (fault !== undefined) throw new Refused(sentenceOf(fault))
      if (!isJson(text)) throw new Refused('the answer is none of a pushledger server: see --url')
      answers.push(text)
    }
    return answers
  } finally {
    client.close()
  }
}

const query = (parameters: Readonly<Record<string, string>>): string =>
  new URLSearchParams(parameters).toString()

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
