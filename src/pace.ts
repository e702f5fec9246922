// How long work may hold the event loop. All long work of the process, parsing and sets alike, runs
// as generators that yield wherever they may be interrupted; when the common slice is used up they
// queue, and one of them goes on in each turn of the loop, after everybody else's input and output.

// Less than half of the 20 ms that anything may hold the loop: what runs between two yields, and
// the collection of garbage, come on top.
const sliceMs = 8

let began = performance.now()
const waiting: (() => void)[] = []

const goOn = (): void => {
  began = performance.now()
  waiting.shift()?.()
  if (waiting.length > 0) setImmediate(goOn)
}

const nextTurn = (): Promise<void> =>
  new Promise((resolve) => {
    if (waiting.push(resolve) === 1) setImmediate(goOn)
  })

/** Runs the work to its end, letting others have their turn. */
export const inSlices = async <T>(work: Generator<void, T>): Promise<T> => {
  for (;;) {
    const step = work.next()
    if (step.done === true) return step.value
    if (performance.now() - began >= sliceMs) await nextTurn()
  }
}
