// How big the worlds are and how often each is told, from the environment: a small run finishes in
// seconds.

const number = (name: string, byDefault: number): number => {
  const value = Number(process.env[name] ?? byDefault)
  if (!Number.isInteger(value) || value < 1) throw new Error(`${name} must be a whole number`)
  return value
}

/** Of a broadcast, and of the smaller of two sizes wherever growth matters. */
export const devices = number('BENCH_DEVICES', 1_000_000)
/** The larger of two sizes. */
export const manyDevices = number('BENCH_MANY_DEVICES', devices * 10)
/** Of the chat, each to one device. */
export const messages = number('BENCH_MESSAGES', devices)
/** In the mixed world, all repeats included. */
export const mixedFacts = number('BENCH_MIXED_FACTS', devices * 3)
export const runs = number('BENCH_RUNS', 3)
/** To this server, when it is told. */
export const connections = number('BENCH_CONNECTIONS', 16)
/** Of each kind, when latencies are measured. */
export const questions = number('BENCH_QUESTIONS', 1_000)
/** Of each server at a stretch, when requests a second are measured. */
export const secondsOfRequests = number('BENCH_SECONDS', 3)
