// The answer to a question for as long as a part is shown: asked at once and then at a pace, kept while
// something is wrong, and remembered for a while, so that going back shows it at once.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { endSession, useApp } from '../state/session.ts'
import { ask } from './ask.ts'
import { connection } from './connection.ts'
import { openPoll, type Poll, type PollClock } from './poll.ts'
import type { Question } from './question.ts'
import type { Trouble } from './trouble.ts'

interface Known<Body> {
  readonly body: Body
  /** Word for word. */
  readonly text: string
  readonly atMs: number
}

export interface Asked<Body> extends Partial<Known<Body>> {
  /** What went wrong the last time. */
  readonly trouble?: Trouble | undefined
  again(): void
}

interface Pace {
  /** Once, where it is left out. */
  readonly everyMs?: number | undefined
  readonly isPaused?: boolean
}

export const browserClock: PollClock = {
  nowMs: () => Date.now(),
  random: Math.random,
  after: (ms, run) => {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}

const remembered = new Map<string, Known<unknown>>()
const rememberedMost = 50

const remember = (name: string, known: Known<unknown>): void => {
  remembered.delete(name)
  remembered.set(name, known)
  const [oldest] = remembered.keys()
  if (remembered.size > rememberedMost && oldest !== undefined) remembered.delete(oldest)
}

const nameOf = (key: string, { path, json = '' }: Question<unknown>): string =>
  `${key} ${path} ${JSON.stringify(json)}`

/** Without a question nothing is asked. */
export const useAnswer = <Body>(
  question: Question<Body> | undefined,
  { everyMs, isPaused = false }: Pace = {},
): Asked<Body> => {
  const key = useApp()?.key
  const name = useMemo(
    () => (key === undefined || question === undefined ? undefined : nameOf(key, question)),
    [key, question?.path, question?.json],
  )
  const [, draw] = useState({})
  const trouble = useRef<Trouble | undefined>(undefined)
  const poll = useRef<Poll | undefined>(undefined)
  const pausedNow = useRef(isPaused)
  pausedNow.current = isPaused

  // The name stands for the app and the question.
  useEffect(() => {
    trouble.current = undefined
    if (name === undefined || question === undefined || key === undefined) return
    let isShown = true
    const askOnce = async (): Promise<Trouble | undefined> => {
      const answer = await ask(question, key)
      if (!isShown) return undefined
      if (answer.trouble?.kind === 'refused') endSession(key)
      if (answer.trouble === undefined) {
        const { body, text } = answer
        const before = remembered.get(name)
        remember(name, { body: before?.text === text ? before.body : body, text, atMs: Date.now() })
      }
      trouble.current = answer.trouble
      draw({})
      return answer.trouble
    }
    const opened = openPoll({
      clock: browserClock,
      ask: askOnce,
      everyMs,
      isPaused: isUnseen(pausedNow.current),
    })
    poll.current = opened
    const stopFollowing = followSight(
      opened,
      () => pausedNow.current,
      () => trouble.current,
    )
    return () => {
      isShown = false
      opened.stop()
      stopFollowing()
    }
  }, [name, everyMs])

  useEffect(() => {
    if (isUnseen(isPaused)) poll.current?.pause()
    else poll.current?.resume()
  }, [isPaused])

  const again = useMemo(() => () => poll.current?.wake(), [])
  const known = name === undefined ? undefined : (remembered.get(name) as Known<Body> | undefined)
  return { ...known, trouble: trouble.current, again }
}

const isUnseen = (isPaused: boolean): boolean => isPaused || document.hidden

/** Rests while the tab is hidden, and asks at once when the server is back. */
const followSight = (
  poll: Poll,
  isPaused: () => boolean,
  trouble: () => Trouble | undefined,
): (() => void) => {
  const follow = () => (isUnseen(isPaused()) ? poll.pause() : poll.resume())
  const wake = () => {
    if (trouble()?.kind === 'away') poll.wake()
  }
  document.addEventListener('visibilitychange', follow)
  window.addEventListener('online', wake)
  const stopWatching = connection.watch((state) => {
    if (state === 'up') wake()
  })
  return () => {
    document.removeEventListener('visibilitychange', follow)
    window.removeEventListener('online', wake)
    stopWatching()
  }
}
