import type { Told } from '../../src/ledger/event-batch.ts'

/** How many devices a body tells of: mostly few, at times so many that it takes many pages. */
export declare const devicesOf: (seed: number, number: number) => number
export declare const appOf: (number: number) => number
/** A message of its own, and one of all bodies of the app. */
export declare const ownMessageOf: (number: number) => string
export declare const broadcast: string
export declare const toldBy: (seed: number, number: number, nowMs: number) => Told
