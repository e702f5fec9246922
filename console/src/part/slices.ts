// Long lists are drawn a slice at a time, so that none of them holds up the page.
import { useEffect, useState } from 'preact/hooks'

/** How many of the things are drawn by now: of another view, from the first slice on. */
export const useSlices = (view: string, length: number, sliceLength: number): number => {
  const [shown, setShown] = useState({ view, count: sliceLength })
  const count = shown.view === view ? shown.count : sliceLength
  useEffect(() => {
    if (count >= length) return undefined
    const timer = setTimeout(() => setShown({ view, count: count + sliceLength }))
    return () => clearTimeout(timer)
  }, [view, length, count, sliceLength])
  return count
}
