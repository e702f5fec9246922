// The one definition of a share of two counts, for the command line and the console. A count is the size
// of a set of devices, so one is a share of another only where its set lies inside the other's: a device
// may have clicked without a known receipt. Sizes cannot prove that, but they can show that it is not so.

/** Two counts of the same devices: `part` is meant to be within `whole`. */
export interface Ratio {
  readonly part: number
  readonly whole: number
}

/**
 * From 0 to 1; undefined where there is no whole, or the sets are not nested. `rows` are what a total adds
 * up, channel by channel: it is nested if each of them is. Pass none where the whole are the targets of a
 * message, because a device that is a target by one channel may be reached by another.
 */
export const shareOf = (
  part: number,
  whole: number,
  rows: readonly Ratio[] = [],
): number | undefined => {
  const isNested = [{ part, whole }, ...rows].every((ratio) => ratio.part <= ratio.whole)
  return whole > 0 && isNested ? part / whole : undefined
}
