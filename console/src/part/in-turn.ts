// Work that may wait, one piece at a time, so that the page answers between two of them.

const waiting: (() => void)[] = []

const next = (): void => {
  waiting.shift()?.()
  if (waiting.length > 0) setTimeout(next)
}

export const inTurn = (work: () => void): void => {
  waiting.push(work)
  if (waiting.length === 1) setTimeout(next)
}
