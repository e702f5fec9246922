// Whose turn it is: bodies that are parsed at the same time work in slices, one slice of one body in
// each round of the event loop, so that many long bodies hold it no longer than one does.

/** Resolves in a round of the event loop in which nobody else goes on. */
export type Turn = () => Promise<void>

export const openTurns = (): Turn => {
  const waiting: (() => void)[] = []
  const next = (): void => {
    waiting.shift()?.()
    // What is scheduled from here on runs in the next round, after input and output had theirs.
    if (waiting.length > 0) setImmediate(next)
  }
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve)
      if (waiting.length === 1) setImmediate(next)
    })
}
