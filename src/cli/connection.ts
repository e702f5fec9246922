// The options of the verbs that speak to a running server: where it is and who calls. A flag wins over
// the environment, so key and secret as flags win over a token there, and the other way round.
import type { Command } from 'commander'
import { CALLER_SETTINGS } from '../config.ts'
import type { CallFault, Credentials } from '../http/client.ts'
import { addSetting, type Options, read, WrongUsage } from './usage.ts'

export interface Connection {
  readonly url: string
  readonly credentials: Credentials
}

export const addConnection = (command: Command): Command => {
  for (const setting of Object.values(CALLER_SETTINGS)) addSetting(command, setting)
  return command
}

export const connectionOf = (options: Options): Connection => ({
  url: read(CALLER_SETTINGS.url, options),
  credentials: credentialsOf(options),
})

const credentialsOf = (options: Options): Credentials => {
  const saysApp = options['key'] !== undefined || options['secret'] !== undefined
  if (saysApp && options['token'] !== undefined) {
    throw new WrongUsage('--token stands in place of --key and --secret: say one or the other')
  }
  const token = saysApp ? '' : read(CALLER_SETTINGS.token, options)
  if (token !== '') return { token }
  const key = read(CALLER_SETTINGS.key, options)
  const secret = read(CALLER_SETTINGS.secret, options)
  if (key !== '' && secret !== '') return { key, secret }
  throw new WrongUsage(
    `say who calls: ${key === '' ? '--key and --secret' : '--secret'}, or --token ` +
      '(PUSHLEDGER_KEY, PUSHLEDGER_SECRET, PUSHLEDGER_TOKEN)',
  )
}

/** What the server said against it, or that it said nothing, as a sentence. */
export const sentenceOf = ({ status, code, message }: CallFault): string => {
  if (status === 0) return message
  const hint = status === 401 ? ': check the key and the secret, or the token' : ''
  return `the server answers fault ${code}, ${message}${hint}`
}
