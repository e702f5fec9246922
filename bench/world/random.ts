// Chance with a seed, the same numbers on every machine, and random orders without a list.

export type Random = () => number

export const seeded = (seed: number): Random => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Every number below `size` once, in random order. */
export const shuffled = (size: number, random: Random): Uint32Array => {
  const list = new Uint32Array(size)
  for (let i = 1; i < size; i++) {
    const other = Math.floor(random() * (i + 1))
    list[i] = list[other] as number
    list[other] = i
  }
  return list
}

const rounds = 4

/** Every number below `size` once, in an order as good as random, computed number by number. */
export const scattered = (size: number, random: Random): ((i: number) => number) => {
  // A Feistel network over the next power of four; a number outside is sent through again.
  const half = Math.max(1, Math.ceil(Math.log2(size) / 2))
  const mask = 2 ** half - 1
  const keys = Array.from({ length: rounds }, () => Math.floor(random() * 2 ** 32))
  const through = (n: number): number => {
    let left = n >>> half
    let right = n & mask
    for (const key of keys) {
      const mixed = Math.imul(right ^ key, 0x9e3779b1)
      const next = left ^ ((mixed ^ (mixed >>> 15)) & mask)
      left = right
      right = next
    }
    return left * 2 ** half + right
  }
  return (i) => {
    let n = through(i)
    while (n >= size) n = through(n)
    return n
  }
}
