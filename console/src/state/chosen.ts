// The messages that were chosen to be exported, kept while one looks at other pages.
import type { RecentMessage } from '../../../src/http/endpoint/wire.ts'
import { type Held, held } from './held.ts'

/** By id, in the order in which they were chosen. */
export type Chosen = ReadonlyMap<string, RecentMessage>

export const chosenMost = 100

const ofApps = new Map<string, Held<Chosen>>()

export const chosenOf = (app: string): Held<Chosen> => {
  const known = ofApps.get(app) ?? held<Chosen>(new Map())
  ofApps.set(app, known)
  return known
}

export const toggled = (chosen: Chosen, message: RecentMessage): Chosen => {
  const next = new Map(chosen)
  if (next.delete(message.msg_id)) return next
  return next.size < chosenMost ? next.set(message.msg_id, message) : chosen
}
