// What every measured store offers: a start on a fresh place, facts in its own best form made before
// the clock starts, and answers that show that it counted right.
import type { Received, World } from '../world/world.ts'

/** Ready to be told: all that can be made beforehand is. Resolves when the facts are durable. */
export type Telling = () => Promise<void>

export interface RunningPeer {
  /** Every process that works for it, for the processor time and the memory. */
  pids(): readonly number[]
  /** One telling a part of the world. */
  prepare(world: World): Promise<readonly Telling[]>
  /** Devices that received a message. */
  received(messages: readonly Received[]): Promise<readonly number[]>
  /** Different facts held. */
  distinct(): Promise<number>
  /** Stops it, takes its directory away and says how many bytes that took. */
  stop(): Promise<number>
}

export interface Peer {
  readonly name: string
  /** Its version and how it is used here, for the table's legend. */
  readonly use: string
  /** Why it cannot be had on this machine; undefined where it can. */
  readonly missing: () => string | undefined
  readonly start: (world: World) => Promise<RunningPeer>
}

/** Works off a list by several hands, each taking the next when it is free. */
export const share = async <Item, Hand>(
  items: Iterable<Item>,
  hands: readonly Hand[],
  work: (item: Item, hand: Hand) => Promise<void>,
): Promise<void> => {
  const left = items[Symbol.iterator]()
  const one = async (hand: Hand): Promise<void> => {
    for (let next = left.next(); next.done !== true; next = left.next()) {
      await work(next.value, hand)
    }
  }
  await Promise.all(hands.map(one))
}
