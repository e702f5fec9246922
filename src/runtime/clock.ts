// Where the program learns what time it is; everything else is handed a Clock, so that a test moves time by
// hand and a run replays from a seed. Only durations, and the numbers of commits in ClickHouse, are read elsewhere.

/** Now, in epoch milliseconds. */
export type Clock = () => number

export const systemClock: Clock = () => Date.now()

/** Milliseconds that no setting of the clock moves, from any beginning. */
export const steadyClock: Clock = () => performance.now()
