// Chance with a seed, the same numbers on every machine, and orders that look random without a list.

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

const share = (a: number, b: number): number => (b === 0 ? a : share(b, a % b))

/** Every number below `size` once, in an order that jumps about, computed number by number. */
export const strided = (size: number, random: Random): ((i: number) => number) => {
  // Below 2 ** 53 whatever the size, as long as there are fewer than 2 ** 32 devices.
  let stride = 1 + Math.floor(((0.3 + 0.4 * random()) * size) % 2 ** 20)
  while (share(stride, size) !== 1) stride++
  const start = Math.floor(random() * size)
  return (i) => (start + i * stride) % size
}
