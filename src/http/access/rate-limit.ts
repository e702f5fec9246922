// How often an app may ask: so many calls in a window of 60 s that starts with its first call. Kept
// in memory only; a restart forgives everyone. The time is handed in.

export interface Spent {
  readonly limit: number
  readonly remaining: number
  /** Whole seconds until the window ends. */
  readonly resetSeconds: number
  readonly isOver: boolean
}

/** Spends one call of an app; undefined where there is no limit. */
export type RateLimit = (appKey: string, nowMs: number) => Spent | undefined

interface Window {
  readonly startMs: number
  calls: number
}

export const windowSeconds = 60
const windowMs = windowSeconds * 1000

/** A limit of 0 is none. */
export const openRateLimit = (limit: number): RateLimit => {
  if (limit === 0) return () => undefined
  const windows = new Map<string, Window>()
  return (appKey, nowMs) => {
    let window = windows.get(appKey)
    // A clock that was set back begins a window too, or it might last for hours.
    if (window === undefined || nowMs < window.startMs || nowMs >= window.startMs + windowMs) {
      window = { startMs: nowMs, calls: 0 }
      windows.set(appKey, window)
    }
    window.calls += 1
    return {
      limit,
      remaining: Math.max(0, limit - window.calls),
      resetSeconds: Math.ceil((window.startMs + windowMs - nowMs) / 1000),
      isOver: window.calls > limit,
    }
  }
}
