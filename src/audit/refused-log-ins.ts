// Selects the rejected logins that become lines, so that a flood fills neither memory nor disk: the first
// one of an address and key at once, the rest as one count per minute.
import type { LogInAttempt } from '../http/access/login-throttle.ts'

/** One line. */
export interface RefusedLogIn extends Partial<LogInAttempt> {
  /** Undefined in a line about several addresses; such a line has no key and no path either. */
  readonly address?: string
  readonly count: number
}

export interface RefusedLogIns {
  note(attempt: LogInAttempt): void
  /** Writes the counts since the last call. Call it once a minute, and at the end. */
  summarise(): void
}

interface Entry {
  readonly about: Partial<LogInAttempt>
  /** Since the last line about it. */
  count: number
}

/** Combinations of address, key and method with lines of their own, per minute. */
const ownMax = 20
/** The share of one address, so that it cannot use up all of them with many keys. */
const ownOfAddressMax = 10

export const openRefusedLogIns = (write: (refused: RefusedLogIn) => void): RefusedLogIns => {
  const own = new Map<string, Entry>()
  /** All other logins, by address; `''` for addresses without an entry of their own. */
  const shared = new Map<string, Entry>()

  const countOwnOf = (address: string): number =>
    [...own.values()].filter(({ about }) => about.address === address).length
  const sharedOf = (address: string, isKnown: boolean): Entry => {
    const name = isKnown ? address : ''
    const entry = shared.get(name) ?? { about: isKnown ? { address } : {}, count: 0 }
    shared.set(name, entry)
    return entry
  }
  return {
    note: (attempt) => {
      const { address, key, by } = attempt
      const name = `${address} ${by} ${key}`
      const ofAddress = countOwnOf(address)
      const known = own.get(name)
      if (known === undefined && own.size < ownMax && ofAddress < ownOfAddressMax) {
        own.set(name, { about: attempt, count: 0 })
        write({ ...attempt, count: 1 })
      } else {
        const entry = known ?? sharedOf(address, ofAddress > 0)
        entry.count += 1
      }
    },
    summarise: () => {
      for (const entries of [own, shared]) {
        for (const [name, entry] of entries) {
          if (entry.count === 0) entries.delete(name)
          else write({ ...entry.about, count: entry.count })
          entry.count = 0
        }
      }
    },
  }
}
