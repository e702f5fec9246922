// The messages of the app, newest first: the first page is asked again and again, the others as the
// reader goes on. A list that was read is there again on the way back, as long as it was.
import { useEffect, useState } from 'preact/hooks'
import type { RecentMessagesBody } from '../../../src/http/endpoint/wire.ts'
import { type MessageList, withHead, withTail } from '../field/message-list.ts'
import { useApp } from '../state/session.ts'
import { recentMessages } from './question.ts'
import { type Asked, useAnswer } from './use-answer.ts'

const pageLength = 50
const headEveryMs = 10_000

const lists = new Map<string, MessageList>()

export interface MessageListing {
  readonly list: MessageList | undefined
  readonly head: Asked<RecentMessagesBody>
  readonly tail: Asked<RecentMessagesBody>
  readonly isLoading: boolean
  more(): void
}

export const useMessageList = (day: string | undefined): MessageListing => {
  const name = `${useApp()?.key} ${day ?? ''}`
  const [, draw] = useState({})
  const [wanted, setWanted] = useState<{ readonly name: string; readonly before: string }>()
  const before = wanted?.name === name ? wanted.before : undefined
  const head = useAnswer(recentMessages(pageLength, { day }), { everyMs: headEveryMs })
  const tail = useAnswer(
    before === undefined ? undefined : recentMessages(pageLength, { day, before }),
  )
  useEffect(() => {
    if (head.body === undefined) return
    lists.set(name, withHead(lists.get(name), head.body))
    draw({})
  }, [name, head.body])
  useEffect(() => {
    const list = lists.get(name)
    if (tail.body === undefined || list === undefined || list.next !== before) return
    lists.set(name, withTail(list, tail.body))
    setWanted(undefined)
  }, [name, tail.body, before])

  const list = lists.get(name)
  const more = () => {
    if (list?.next != null) setWanted({ name, before: list.next })
  }
  return { list, head, tail, isLoading: before !== undefined, more }
}
