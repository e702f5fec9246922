// Chance without memory: every draw is a pure function of the seed, of what is drawn and for whom, so
// that any part of the world can be made alone, in any order, and comes out the same.

/** Each kind of draw has a stream of its own. */
const draws = [
  'id',
  'platform',
  'channel',
  'twice',
  'silent',
  'lively',
  'joined',
  'moment',
] as const
const dailyDraws = ['present', 'online', 'active', 'count', 'recipient', 'segment'] as const
const pushDraws = ['reach', 'fetch', 'delay', 'order', 'retry'] as const
export type Draw = (typeof draws | typeof dailyDraws | typeof pushDraws)[number]

const streams = new Map<Draw, number>(
  [...draws, ...dailyDraws, ...pushDraws].map((draw, i) => [draw, Math.imul(i + 1, 0x9e37_79b1)]),
)

/** A number from 0 up to but not 1, for the draw and up to three numbers that say for whom. */
export type Chance = (draw: Draw, a: number, b?: number, c?: number) => number

export const chanceOf = (seed: number): Chance => {
  const start = mix(mix(seed) + 1)
  return (draw, a, b = 0, c = 0) => {
    const mixed = mix(start + (streams.get(draw) ?? 0) + a)
    return mix(mixed + Math.imul(b, oddB) + Math.imul(c, oddC)) / 2 ** 32
  }
}

// Odd, so that every b and every c counts; apart, so that they do not make up for one another.
const oddB = 0x85eb_ca77
const oddC = 0x27d4_eb2f

/** Spreads 32 bits (the last step of MurmurHash3). */
const mix = (bits: number): number => {
  let mixed = Math.imul(bits ^ (bits >>> 16), 0x85eb_ca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

/** The item whose share of the weights the draw (0 … 1) falls into. */
export const shareOf = <T>(weights: readonly (readonly [T, number])[], draw: number): T => {
  let left = draw * weights.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [item, weight] of weights) {
    left -= weight
    if (left < 0) return item
  }
  throw new Error('nothing to draw from')
}
