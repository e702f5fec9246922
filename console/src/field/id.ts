// Ids as people type and paste them. They are text all the way: no number of JavaScript holds them.

const msgIdMax = 9_223_372_036_854_775_807n

/** The id without its blanks and leading zeros, or undefined where it is none. */
export const parseMsgId = (text: string): string | undefined => {
  const digits = text.trim().replace(/^0+(?=\d)/, '')
  if (!/^\d{1,19}$/.test(digits)) return undefined
  const id = BigInt(digits)
  return id >= 1n && id <= msgIdMax ? digits : undefined
}

export const registrationIdsMax = 1_000

/**
 * Registration ids out of pasted text: an array of JSON, or a line or a cell each, or, of one line
 * alone, what commas and blanks part. Repeats are dropped.
 */
export const registrationIdsOf = (text: string): readonly string[] => {
  const trimmed = text.trim()
  const parts = arrayOf(trimmed) ?? partsOf(trimmed)
  return [...new Set(parts.map((part) => part.trim()).filter((id) => id !== ''))]
}

const partsOf = (text: string): readonly string[] => {
  const lines = text.split(/[\r\n\t]+/)
  const parts = lines.length > 1 ? lines : text.split(/[\s,;]+/)
  return parts.map((part) => part.trim().replace(/^"(.*)"[,;]?$|,$/, '$1'))
}

const arrayOf = (text: string): readonly string[] | undefined => {
  if (!text.startsWith('[')) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value.map(String) : undefined
  } catch {
    return undefined
  }
}
