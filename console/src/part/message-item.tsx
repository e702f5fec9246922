// A message in the list: its id, when it began, whether it still grows, and its funnel by kind.
import type { RecentMessage } from '../../../src/http/endpoint/wire.ts'
import { KINDS } from '../field/channel-counts.ts'
import { countsOf } from '../field/stage.ts'
import { hashOf } from '../route.ts'
import { useTexts } from '../state/language.ts'
import { SmallFunnel } from './funnel.tsx'
import { Id } from './id.tsx'
import { memo } from './memo.ts'
import { StateBadge } from './state-badge.tsx'

interface MessageItemProps {
  readonly message: RecentMessage
  readonly isChosen: boolean
  /** Held by the caller: another one draws the item again. */
  readonly onToggle: (message: RecentMessage) => void
}

const Item = ({ message, isChosen, onToggle }: MessageItemProps) => {
  const texts = useTexts()
  const { msg_id: msgId, first_hour: firstHour, latest_day: latestDay, settled } = message
  const kinds = KINDS.filter((kind) => message[kind] !== undefined)
  return (
    <li class="message-item">
      <input
        type="checkbox"
        aria-label={texts.messages.select(msgId)}
        checked={isChosen}
        onChange={() => onToggle(message)}
      />
      <div class="message-about">
        <a href={hashOf({ page: 'message', msgId })}>
          <Id>{msgId}</Id>
        </a>
        <span class="muted">
          {texts.messages.began} {firstHour}:00
        </span>
        <span class="muted">
          <StateBadge isSettled={settled} /> {texts.messages.latest} {latestDay}
        </span>
      </div>
      <div class="message-kinds">
        {kinds.map((kind) => (
          <div key={kind}>
            {(kinds.length > 1 || kind === 'message') && (
              <span class="kind">{texts.kinds[kind]}</span>
            )}
            <SmallFunnel counts={countsOf(message[kind])} />
          </div>
        ))}
      </div>
    </li>
  )
}

export const MessageItem = memo(Item)
