// Whether the numbers of a message still grow.
import { useTexts } from '../state/language.ts'

export const StateBadge = ({ isSettled }: { readonly isSettled: boolean }) => {
  const { messages } = useTexts()
  return isSettled ? (
    <span class="badge" title={messages.settledHint}>
      {messages.settled}
    </span>
  ) : (
    <span class="badge growing" title={messages.growingHint}>
      {messages.growing}
    </span>
  )
}
