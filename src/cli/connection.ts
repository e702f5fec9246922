// The options of the verbs that speak to a running server: where it is and who calls. A flag wins over
// the environment, so key and secret as flags win over a token there, and the other way round. A feed token
// cannot query: a verb that does uses key and secret alone.
import { type Command, Option } from 'commander'
import type { CallFault, Credentials } from '../client/retrying-client.ts'
import { CALLER_SETTINGS } from '../settings/settings.ts'
import { addSetting, type Options, read, WrongUsage } from './usage.ts'

/** What a verb does at the server. */
export type Purpose = 'send' | 'query'

export interface Connection {
  readonly url: string
  readonly credentials: Credentials
}

export const addConnection = (command: Command, purpose: Purpose): Command => {
  const { url, key, secret, token } = CALLER_SETTINGS
  for (const setting of [url, key, secret]) addSetting(command, setting)
  if (purpose === 'send') return addSetting(command, token)
  // Taken only to be answered with a sentence that says what to do.
  return command.addOption(new Option(`--${token.flag} <${token.value}>`).hideHelp())
}

export const connectionOf = (options: Options, purpose: Purpose): Connection => ({
  url: read(CALLER_SETTINGS.url, options),
  credentials: purpose === 'send' ? senderOf(options) : querierOf(options),
})

const senderOf = (options: Options): Credentials => {
  const saysApp = options['key'] !== undefined || options['secret'] !== undefined
  if (saysApp && options['token'] !== undefined) {
    throw new WrongUsage('--token stands in place of --key and --secret: say one or the other')
  }
  const token = saysApp ? '' : read(CALLER_SETTINGS.token, options)
  if (token !== '') return { token }
  return appOf(options, ', or --token (PUSHLEDGER_KEY, PUSHLEDGER_SECRET, PUSHLEDGER_TOKEN)')
}

const querierOf = (options: Options): Credentials => {
  if (options['token'] !== undefined) {
    throw new WrongUsage('a feed token cannot query: say --key and --secret')
  }
  const isToken = read(CALLER_SETTINGS.token, options) !== ''
  const hint = isToken ? '; a feed token (PUSHLEDGER_TOKEN) cannot query' : ''
  return appOf(options, ` (PUSHLEDGER_KEY, PUSHLEDGER_SECRET)${hint}`)
}

const appOf = (options: Options, hint: string): Credentials => {
  const key = read(CALLER_SETTINGS.key, options)
  const secret = read(CALLER_SETTINGS.secret, options)
  if (key !== '' && secret !== '') return { key, secret }
  throw new WrongUsage(`say who calls: ${key === '' ? '--key and --secret' : '--secret'}${hint}`)
}

/** What the server said against it, or that it said nothing, as a sentence. */
export const sentenceOf = ({ status, code, message }: CallFault): string => {
  if (status === 0) return message
  const wrong = message.startsWith('Bearer') ? 'the token' : 'the key and the secret'
  const hint = status === 401 ? `: check ${wrong}` : ''
  return `the server answers fault ${code}, ${message}${hint}`
}
