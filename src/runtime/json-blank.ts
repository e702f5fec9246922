// The blanks of JSON: what may stand between its parts.

/** The first place from `at` on, at most `to`, that is no blank of JSON. */
export const skipBlank = (bytes: Uint8Array, at: number, to: number): number => {
  let i = at
  while (i < to && isBlank(bytes[i] ?? 0)) i++
  return i
}

// The first comparison answers for nearly every byte.
export const isBlank = (byte: number): boolean =>
  byte <= 0x20 && (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09)
