// Which page is shown: the one that the address says, to who is logged in; everyone else logs in first,
// at the same address.
import { useEffect } from 'preact/hooks'
import { openPoll } from './api/poll.ts'
import { browserClock } from './api/use-answer.ts'
import { Frame } from './frame.tsx'
import { DevicesPage } from './page/devices.tsx'
import { FeedPage } from './page/feed.tsx'
import { LogIn } from './page/log-in.tsx'
import { Lost } from './page/lost.tsx'
import { MessagePage } from './page/message.tsx'
import { MessagesPage } from './page/messages.tsx'
import { Overview } from './page/overview.tsx'
import type { Route } from './route.ts'
import { useHeld } from './state/held.ts'
import { route } from './state/navigation.ts'
import { apps, expired, loadSessions, useApp } from './state/session.ts'

export const Console = () => {
  const current = useHeld(route)
  const isKnown = useHeld(apps) !== undefined
  const ended = useHeld(expired)
  const app = useApp()

  useEffect(() => {
    const ask = loadSessions
    const poll = openPoll({ clock: browserClock, ask, everyMs: undefined, isPaused: false })
    return () => poll.stop()
  }, [])

  if (!isKnown) return <Frame isLoggedIn={false}>{null}</Frame>
  if (app === undefined || ended !== undefined || current.page === 'log-in') {
    return (
      <Frame isLoggedIn={app !== undefined && ended === undefined}>
        <LogIn />
      </Frame>
    )
  }
  return (
    <Frame isLoggedIn>
      <Shown key={`${app.key} ${placeOf(current)}`} current={current} />
    </Frame>
  )
}

/** What makes a page another page, and not the same one with another filter. */
const placeOf = (current: Route): string =>
  current.page === 'message' ? `message ${current.msgId}` : current.page

const Shown = ({ current }: { readonly current: Route }) => {
  switch (current.page) {
    case 'overview':
      return <Overview />
    case 'messages':
      return <MessagesPage day={current.day} />
    case 'message':
      return <MessagePage msgId={current.msgId} />
    case 'devices':
      return <DevicesPage firstMsgId={current.msgId ?? ''} />
    case 'feed':
      return <FeedPage hours={current.hours} />
    default:
      return <Lost />
  }
}
