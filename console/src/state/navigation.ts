// The route that the address says, followed; where the reader was on a page is found again on the way
// back. Filters replace the address, so that "back" leaves the page and not the last filter.
import { hashOf, parseRoute, type Route } from '../route.ts'
import { held } from './held.ts'

export const route = held<Route>(parseRoute(window.location.hash))

export const goTo = (next: Route): void => {
  window.location.hash = hashOf(next)
}

export const replaceRoute = (next: Route): void => {
  window.history.replaceState(window.history.state, '', hashOf(next))
  route.set(next)
}

interface Entry {
  readonly entry: number
}

const knownEntry = (): number | undefined => (window.history.state as Entry | null)?.entry

/** A long list takes some frames until it is as long as it was. */
const framesMost = 60

const scrollBackTo = (top: number, frames: number): void => {
  window.scrollTo(0, top)
  if (frames === 0 || Math.abs(window.scrollY - top) < 1) return
  requestAnimationFrame(() => scrollBackTo(top, frames - 1))
}

export const followAddress = (): void => {
  const scrolls = new Map<number, number>()
  let latest = Date.now()
  let entry = latest
  const mark = () => {
    entry = ++latest
    window.history.replaceState({ entry } satisfies Entry, '')
  }
  const follow = () => {
    const known = knownEntry()
    if (known === undefined) mark()
    else entry = known
    const top = scrolls.get(entry) ?? 0
    route.set(parseRoute(window.location.hash))
    requestAnimationFrame(() => scrollBackTo(top, framesMost))
  }
  window.history.scrollRestoration = 'manual'
  mark()
  window.addEventListener('scroll', () => scrolls.set(entry, window.scrollY), { passive: true })
  window.addEventListener('hashchange', follow)
}
