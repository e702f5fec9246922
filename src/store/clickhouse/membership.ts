// Which devices are known to be members already, so that most facts need not be told twice, once for the
// device. Exact: ids are compared byte for byte, and what is not remembered is written again, and becomes
// one row. A table of fixed size, in which a device has two places and drives out another.

export interface Membership {
  /** Whether the device must be written; from now on it need not. */
  isNew(appId: number, bytes: Uint8Array, start: number, length: number): boolean
  /** Everything, because what was to be written may not be. */
  forget(): void
}

const placesBits = 20
/** Longer ids are always new. */
const idBytesMax = 32

export const openMembership = (): Membership => {
  const places = 2 ** placesBits
  const apps = new Uint32Array(places)
  const lengths = new Uint8Array(places)
  const ids = new Uint8Array(places * idBytesMax)

  const isAt = (
    place: number,
    appId: number,
    bytes: Uint8Array,
    start: number,
    length: number,
  ): boolean => {
    if (apps[place] !== appId || lengths[place] !== length) return false
    const from = place * idBytesMax
    for (let i = 0; i < length; i++) if (ids[from + i] !== bytes[start + i]) return false
    return true
  }
  return {
    isNew: (appId, bytes, start, length) => {
      if (length > idBytesMax) return true
      let hash = appId
      for (let i = start; i < start + length; i++)
        hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193)
      hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
      const place = (hash >>> 4) % places
      if (isAt(place, appId, bytes, start, length)) return false
      if (isAt(place ^ 1, appId, bytes, start, length)) return false
      const taken = lengths[place] === 0 ? place : place ^ ((hash >>> 28) & 1)
      apps[taken] = appId
      lengths[taken] = length
      for (let i = 0; i < length; i++) ids[taken * idBytesMax + i] = bytes[start + i] ?? 0
      return true
    },
    forget: () => lengths.fill(0),
  }
}
