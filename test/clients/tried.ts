// The official npm clients that are run: which reports each has, and by which method.
import type { Client } from './runner.ts'

export const allMethods = {
  received: 'getReportReceiveds',
  receivedDetail: 'getReportReceivedDetail',
  status: 'getReportStatusMessage',
  messages: 'getReportMessages',
  messagesDetail: 'getReportMessagesDetail',
  users: 'getReportUsers',
} as const
export type Report = keyof typeof allMethods
const every: readonly Report[] = Object.keys(allMethods) as Report[]

export interface Tried extends Client {
  /** How the documentation calls it. */
  readonly release: string
  /** The reports that it can ask. */
  readonly has: readonly Report[]
  /** Takes message ids as JavaScript numbers only. */
  readonly knowsNumbersOnly?: boolean
  /** Hands statuses over inside of another object. */
  readonly wrapsStatuses?: boolean
  /** Drops the query of every GET, and the status of every answer. */
  readonly losesQueries?: boolean
}

export const clients: readonly Tried[] = [
  {
    name: 'jpush-async 4.1.0, JPushAsync',
    release: 'jpush-async 4.1.0',
    package: 'jpush-async',
    api: 'JPushAsync',
    style: 'promise',
    has: every,
    wrapsStatuses: true,
  },
  {
    name: 'jpush-async 4.1.0, JPush',
    release: 'jpush-async 4.1.0',
    package: 'jpush-async',
    api: 'JPush',
    style: 'callback',
    has: every,
  },
  {
    name: 'jpush-async 4.0.3, JPushAsync',
    release: 'jpush-async 4.0.3',
    package: 'jpush-async-4.0',
    api: 'JPushAsync',
    style: 'promise',
    has: every,
    knowsNumbersOnly: true,
  },
  {
    name: 'jpush-async 4.0.3, JPush',
    release: 'jpush-async 4.0.3',
    package: 'jpush-async-4.0',
    api: 'JPush',
    style: 'callback',
    has: every,
    knowsNumbersOnly: true,
  },
  {
    name: 'jpush-async 4.2.0, JPushAsync',
    release: 'jpush-async 4.2.0',
    package: 'jpush-async-4.2',
    api: 'JPushAsync',
    style: 'promise',
    has: ['status'],
    wrapsStatuses: true,
    losesQueries: true,
  },
  {
    name: 'jpush-sdk 3.5.0',
    release: 'jpush-sdk 3.5.0',
    package: 'jpush-sdk',
    style: 'callback',
    has: ['received', 'messages', 'users'],
  },
]
