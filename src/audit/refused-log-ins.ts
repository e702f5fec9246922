// Which refused log-ins are written down, so that a flood of them fills neither memory nor a disk: the
// first of an address and key at once, and those that follow as one summary a minute.
import type { LogInAttempt } from '../http/failed-log-in.ts'

/** What becomes a line. */
export interface RefusedLogIn extends Partial<LogInAttempt> {
  /** Of all where it is left out; a line about several keys has neither key nor path. */
  readonly address?: string
  readonly count: number
}

export interface RefusedLogIns {
  note(attempt: LogInAttempt): void
  /** Writes what was not written yet. To be called once a minute, and at the end. */
  summarise(): void
}

interface Entry {
  readonly about: Partial<LogInAttempt>
  /** Since the last line about it. */
  count: number
}

/** So many have lines of their own in a minute: an address with a key and a way of logging in. */
const ownMax = 20
/** One address cannot take all of these by trying many keys. */
const ownOfAddressMax = 10

export const openRefusedLogIns = (write: (refused: RefusedLogIn) => void): RefusedLogIns => {
  const own = new Map<string, Entry>()
  /** By address, `''` for all others: what has no entry of its own. */
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
