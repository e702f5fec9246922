// The apps that this browser is logged in to, and which of them is looked at. Keys and names only:
// the secret is forgotten as soon as it was sent, and the session itself is a cookie that no script sees.
import type { SessionApp, SessionsBody } from '../../../src/http/endpoint/wire.ts'
import { type Answer, ask } from '../api/ask.ts'
import * as question from '../api/question.ts'
import type { Trouble } from '../api/trouble.ts'
import { held, useHeld } from './held.ts'
import { rememberedText } from './remembered.ts'

/** Undefined until the server has said it. */
export const apps = held<readonly SessionApp[] | undefined>(undefined)
/** The app whose session was found to be over. */
export const expired = held<SessionApp | undefined>(undefined)
const chosen = rememberedText('pushledger.app')

export const selectApp = (key: string): void => {
  expired.set(undefined)
  chosen.set(key)
}

/** The app that is looked at; undefined where there is none. */
export const useApp = (): SessionApp | undefined => {
  const all = useHeld(apps)
  const key = useHeld(chosen)
  return all?.find((app) => app.key === key) ?? all?.[0]
}

export const loadSessions = async (): Promise<Trouble | undefined> =>
  taken(await ask(question.sessions))

export const logIn = async (key: string, secret: string): Promise<Trouble | undefined> => {
  const trouble = taken(await ask(question.logIn(key, secret)))
  if (trouble === undefined) selectApp(key)
  return trouble
}

export const logOut = async (key: string): Promise<void> => {
  const trouble = taken(await ask(question.logOut, key))
  // It was over already.
  if (trouble?.kind === 'refused') remove(key)
}

/** Another page of this browser may have ended it, a restart of the server, or time. */
export const endSession = (key: string): void => {
  const app = apps.get()?.find((each) => each.key === key)
  if (app === undefined) return
  expired.set(app)
  remove(key)
}

const remove = (key: string): void => apps.set(apps.get()?.filter((app) => app.key !== key))

const taken = (answer: Answer<SessionsBody>): Trouble | undefined => {
  if (answer.trouble !== undefined) return answer.trouble
  apps.set(answer.body.apps)
  return undefined
}
