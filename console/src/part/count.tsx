// A number of devices: short where it is enormous, and then in full for who points at it or hears it.
import { useNumbers } from '../state/language.ts'

export const Count = ({ children: value }: { readonly children: number }) => {
  const numbers = useNumbers()
  const brief = numbers.brief(value)
  const full = numbers.full(value)
  if (brief === full) return <span class="count">{full}</span>
  return (
    <span class="count" title={full}>
      <span aria-hidden="true">{brief}</span>
      <span class="unseen">{full}</span>
    </span>
  )
}
