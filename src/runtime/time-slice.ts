// How long work may hold the event loop. In each turn of the loop, work of one kind runs for a
// slice at most; what is left over queues, and goes on in the next turns, first come first served,
// after everybody else's input and output. All long work of the process, parsing and sets alike, is
// of one kind and runs as generators that yield wherever they may be interrupted.

// Two kinds of work (bodies and sets; requests and answers), what runs between two yields, and the
// collection of garbage have the 20 ms that anything may hold the loop. A question under load waits
// for some turns: slices of 2 ms halve its median beside those of 5, and cost nothing that can be
// measured.
const sliceMs = 2

/** Undefined where there is time left in this turn; else resolves when it is the caller's turn. */
export type Pace = () => Promise<void> | undefined

export const openPace = (): Pace => {
  const waiting: (() => void)[] = []
  /** Undefined until there is work in a turn. */
  let began: number | undefined

  const isOver = (): boolean => began !== undefined && performance.now() - began >= sliceMs
  const begin = (): void => {
    began = performance.now()
    setImmediate(endTurn)
  }
  const endTurn = async (): Promise<void> => {
    began = undefined
    if (waiting.length === 0) return
    begin()
    while (waiting.length > 0 && !isOver()) {
      waiting.shift()?.()
      // Who was let go works before this goes on, also where that begins with the next tick.
      await undefined
      await new Promise((resolve) => process.nextTick(resolve))
    }
  }
  return () => {
    if (began === undefined) begin()
    return isOver() ? new Promise((resolve) => waiting.push(resolve)) : undefined
  }
}

const longWork = openPace()
let longWorks = 0

/**
 * Runs the work to its end, letting others have their turn. Once the signal fires it stops at the
 * next step and rejects with the reason.
 */
export const inSlices = async <T>(
  work: Generator<void, T>,
  gone?: Pick<AbortSignal, 'aborted' | 'reason'>,
): Promise<T> => {
  longWorks++
  try {
    for (;;) {
      const turn = longWork()
      if (turn !== undefined) await turn
      if (gone?.aborted) throw gone.reason
      const step = work.next()
      if (step.done === true) return step.value
    }
  } finally {
    longWorks--
  }
}

let leaving: (() => void)[] = []
const letLeave = (): void => {
  const all = leaving
  leaving = []
  for (const leave of all) leave()
}

/**
 * Resolves when all that came in this turn has been looked at. Answers that leave side by side wake
 * who waits for them once, which costs much less than once for each. Undefined where long work is
 * under way: it would be waited for too.
 */
export const endOfTurn = (): Promise<void> | undefined => {
  if (longWorks > 0) return undefined
  return new Promise((resolve) => {
    if (leaving.push(resolve) === 1) setImmediate(letLeave)
  })
}
