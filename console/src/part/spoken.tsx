// Numbers that move, told to who hears the page: the latest of them, and never more often than every
// twenty seconds.
import { useEffect, useRef, useState } from 'preact/hooks'

const everyMs = 20_000

export const Spoken = ({ children: text }: { readonly children: string }) => {
  const latest = useRef(text)
  latest.current = text
  // What is there at first was read with the page.
  const [said, setSaid] = useState('')
  const first = useRef(text)
  useEffect(() => {
    const timer = setInterval(() => {
      if (latest.current !== first.current) setSaid(latest.current)
    }, everyMs)
    return () => clearInterval(timer)
  }, [])
  return (
    <p class="unseen" aria-live="polite">
      {said}
    </p>
  )
}
