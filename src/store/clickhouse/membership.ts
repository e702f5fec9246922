// Which devices are known to be members already, so that most facts need not be told twice, once for the
// device. Exact: what is not remembered is written again, and becomes one row.

export interface Membership {
  /** Whether the device must be written, which is then under way; the bytes are those of its id. */
  isNew(appId: number, bytes: Buffer, start: number, end: number): boolean
  /** What was under way is written. */
  remember(): void
  /** It may not be. */
  forget(): void
}

// Some seventy bytes each.
const devicesMax = 500_000

export const openMembership = (): Membership => {
  const known = new Map<number, Set<string>>()
  const underWay = new Map<number, Set<string>>()
  let devices = 0
  const setOf = (sets: Map<number, Set<string>>, appId: number): Set<string> => {
    const held = sets.get(appId) ?? new Set<string>()
    sets.set(appId, held)
    return held
  }
  return {
    isNew: (appId, bytes, start, end) => {
      // Not the text of the id, but one text for each: a character a byte.
      const id = bytes.toString('latin1', start, end)
      if (known.get(appId)?.has(id)) return false
      const own = setOf(underWay, appId)
      if (own.has(id)) return false
      own.add(id)
      return true
    },
    remember: () => {
      for (const [appId, ids] of underWay) {
        if (devices + ids.size > devicesMax) {
          known.clear()
          devices = 0
        }
        const held = setOf(known, appId)
        for (const id of ids) held.add(id)
        devices += ids.size
      }
      underWay.clear()
    },
    forget: () => underWay.clear(),
  }
}
