// The messages of the app, newest first: found by id and by day, and chosen to be exported.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { RecentMessage } from '../../../src/http/endpoint/wire.ts'
import { type MessageListing, useMessageList } from '../api/use-message-list.ts'
import { parseMsgId } from '../field/id.ts'
import { messageCsv } from '../field/message-csv.ts'
import { download } from '../part/download.ts'
import { Icon } from '../part/icon.tsx'
import { MessageItem } from '../part/message-item.tsx'
import { NothingYet } from '../part/nothing-yet.tsx'
import { AskedNotice } from '../part/notice.tsx'
import { Page } from '../part/page.tsx'
import { useSlices } from '../part/slices.ts'
import { chosenMost, chosenOf, toggled } from '../state/chosen.ts'
import { useHeld } from '../state/held.ts'
import { useTexts } from '../state/language.ts'
import { goTo, replaceRoute } from '../state/navigation.ts'
import { useApp } from '../state/session.ts'

export const MessagesPage = ({ day }: { readonly day: string | undefined }) => {
  const texts = useTexts()
  const listing = useMessageList(day)
  const { list, head } = listing
  const isNone = list?.items.length === 0
  return (
    <Page title={texts.messages.title} lead={texts.messages.lead}>
      <Search day={day} />
      <AskedNotice asked={list === undefined ? head : { ...head, body: list }} />
      {isNone && day === undefined && <NothingYet />}
      {isNone && day !== undefined && <p class="panel">{texts.messages.noneOnDay(day)}</p>}
      {list !== undefined && !isNone && <List listing={listing} items={list.items} />}
    </Page>
  )
}

const Search = ({ day }: { readonly day: string | undefined }) => {
  const { messages: words } = useTexts()
  const [id, setId] = useState('')
  const [isWrong, setWrong] = useState(false)
  const open = (event: Event) => {
    event.preventDefault()
    const msgId = parseMsgId(id)
    setWrong(msgId === undefined)
    if (msgId !== undefined) goTo({ page: 'message', msgId })
  }
  return (
    <div class="filters">
      <search class="filter">
        <form onSubmit={open}>
          <label for="search-id">{words.searchId}</label>
          <div class="field-with-button">
            <input
              id="search-id"
              inputMode="numeric"
              autocomplete="off"
              placeholder={words.searchIdHint}
              aria-invalid={isWrong}
              aria-describedby="search-wrong"
              value={id}
              onInput={({ currentTarget }) => setId(currentTarget.value)}
            />
            <button type="submit" class="quiet">
              <Icon name="search" />
              {words.open}
            </button>
          </div>
          <p class="wrong" id="search-wrong" role="alert">
            {isWrong && words.badId}
          </p>
        </form>
      </search>
      <div class="filter">
        <label for="search-day">{words.day}</label>
        <div class="field-with-button">
          <input
            id="search-day"
            type="date"
            value={day ?? ''}
            onChange={({ currentTarget: { value } }) =>
              replaceRoute(value === '' ? { page: 'messages' } : { page: 'messages', day: value })
            }
          />
          {day !== undefined && (
            <button type="button" class="quiet" onClick={() => replaceRoute({ page: 'messages' })}>
              {words.allDays}
            </button>
          )}
        </div>
      </div>
    </div>
  )
}

const itemsAtOnce = 10

interface ListProps {
  readonly listing: MessageListing
  readonly items: readonly RecentMessage[]
}

const List = ({ listing, items }: ListProps) => {
  const { messages: words } = useTexts()
  const source = chosenOf(useApp()?.key ?? '')
  const chosen = useHeld(source)
  const shown = useSlices('', items.length, itemsAtOnce)
  const toggle = useCallback(
    (message: RecentMessage) => source.set(toggled(source.get(), message)),
    [source],
  )
  const save = () => {
    // As they stand now, not as they stood when they were chosen.
    const latest = new Map(items.map((item) => [item.msg_id, item]))
    const messages = [...chosen.values()].map((item) => latest.get(item.msg_id) ?? item)
    download('messages.csv', 'text/csv', messageCsv(messages))
  }
  const firstOnes = items.slice(0, chosenMost)
  return (
    <section class="panel list">
      <div class="list-bar">
        <span role="status">
          {chosen.size === 0 ? words.chooseHint : words.chosen(chosen.size, chosenMost)}
        </span>
        <button
          type="button"
          class="quiet"
          onClick={() => source.set(new Map(firstOnes.map((item) => [item.msg_id, item])))}
        >
          {words.chooseShown(firstOnes.length)}
        </button>
        {chosen.size > 0 && (
          <button type="button" class="quiet" onClick={() => source.set(new Map())}>
            {words.clear}
          </button>
        )}
        <button type="button" class="primary" disabled={chosen.size === 0} onClick={save}>
          <Icon name="download" />
          {words.export}
        </button>
      </div>
      <ul class="message-list">
        {items.slice(0, shown).map((message) => (
          <MessageItem
            key={message.msg_id}
            message={message}
            isChosen={chosen.has(message.msg_id)}
            onToggle={toggle}
          />
        ))}
      </ul>
      {shown >= items.length && <End listing={listing} count={items.length} />}
    </section>
  )
}

/** Loads on when it comes into sight. */
const End = ({ listing, count }: { readonly listing: MessageListing; readonly count: number }) => {
  const texts = useTexts()
  const place = useRef<HTMLDivElement>(null)
  const more = useRef(listing.more)
  more.current = listing.more
  const isEnd = listing.list?.next === null

  // After each page it is looked at anew: the end may still be in sight.
  useEffect(() => {
    if (isEnd || place.current === null) return undefined
    const observer = new IntersectionObserver(
      ([entry]) => entry?.isIntersecting === true && more.current(),
      { rootMargin: '400px' },
    )
    observer.observe(place.current)
    return () => observer.disconnect()
  }, [isEnd, count])

  return (
    <div class="list-end" ref={place}>
      <span class="muted" role="status">
        {texts.messages.loaded(count)}
        {isEnd && ` · ${texts.messages.end}`}
      </span>
      {!isEnd && (
        <button type="button" class="quiet" onClick={listing.more}>
          {listing.isLoading ? texts.loading : texts.messages.more}
        </button>
      )}
      {listing.isLoading && listing.tail.trouble !== undefined && (
        <AskedNotice asked={listing.tail} />
      )}
    </div>
  )
}
