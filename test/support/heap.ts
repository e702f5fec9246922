// How much of what some work made stays in memory after it, by the collector's own account.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const usedBytes = (): number => {
  collect()
  return process.memoryUsage().heapUsed
}

/** In bytes; `work` returns what it keeps. */
export const heapGrowthOf = async (work: () => unknown): Promise<number> => {
  const before = usedBytes()
  const kept = await work()
  const after = usedBytes()
  // Named after the measurement, or what is kept might be collected before it.
  return kept === before ? 0 : after - before
}
