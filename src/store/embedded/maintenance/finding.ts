// What a walk through the ledger tells of: findings, and where it is.

export interface Finding {
  /** A key, or what it is about. */
  readonly where: string
  readonly what: string
}

export interface Watch {
  onFinding(finding: Finding): void
  /** Told where the walk goes next. */
  onPlace(place: string): void
}

export const nameOf = (key: Uint8Array): string => `key ${Buffer.from(key).toString('hex')}`

/** What the work gives, or nothing where it throws, which is a finding. */
export const found = <T>(watch: Watch, where: string, work: () => T): T[] => {
  try {
    return [work()]
  } catch (cause) {
    watch.onFinding({ where, what: cause instanceof Error ? cause.message : String(cause) })
    return []
  }
}
