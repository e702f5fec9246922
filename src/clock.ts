// The one place where the program learns what time it is; everything else is handed a Clock, so that
// a test moves time by hand and a run replays from a seed.

/** Now, in epoch milliseconds. */
export type Clock = () => number

export const systemClock: Clock = () => Date.now()

/** Milliseconds that no setting of the clock moves, from any beginning. */
export const steadyClock: Clock = () => performance.now()
