// The door of every endpoint: who may ask is let in, and spends a call where calls are counted.
import type { IncomingMessage } from 'node:http'
import { Fault } from '../../ledger/fault.ts'
import type { Answer, Call, Endpoint } from '../endpoint/endpoint.ts'
import { bears } from './authorization.ts'
import { callerOf, type Doors, groupOf } from './caller.ts'

export interface Admitted {
  readonly answer: (call: Call) => Promise<Answer>
  /** The app or group that calls; empty for a caller without credentials. */
  readonly caller: string
}

/** Gives the endpoint's answer to whoever it is. `spendAs` throws where a name has no call left. */
export const admit = async (
  endpoint: Endpoint,
  doors: Doors,
  { headers, socket }: IncomingMessage,
  nowMs: number,
  spendAs: (name: string) => void,
): Promise<Admitted> => {
  const { authorization } = headers
  switch (endpoint.access) {
    case 'open':
      return { answer: endpoint.answer, caller: '' }
    case 'session':
    case 'file':
      return {
        answer: (call) => endpoint.answer({ ...call, headers, address: socket.remoteAddress }),
        caller: '',
      }
    case 'operator':
      if (!bears(authorization, endpoint.token))
        throw new Fault('unauthorized', 'Bearer authentication failed: wrong token')
      return { answer: endpoint.answer, caller: '' }
    case 'group':
    case 'group feed': {
      const group = await groupOf(doors, authorization)
      // A group and an app may have the same key.
      const caller = `group-${group.record.key}`
      if (endpoint.access === 'group') spendAs(caller)
      return { answer: (call) => endpoint.answer({ ...call, group }), caller }
    }
    default: {
      const { app, record } = await callerOf(doors, endpoint.access, headers, nowMs)
      // Apart, so that people who look never take a call from the app's programs.
      const isVisitor = authorization === undefined
      if (endpoint.access !== 'feed') spendAs(isVisitor ? `console-${record.key}` : record.key)
      if (endpoint.access === 'vip' && !record.vip) throw new Fault('notPermitted')
      return { answer: (call) => endpoint.answer({ ...call, app, headers }), caller: record.key }
    }
  }
}
