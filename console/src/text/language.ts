// The languages that the console speaks, and which of them a browser would rather have.

export const LANGUAGES = ['zh', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

/** The first of the browser's languages that we speak; English where we speak none of them. */
export const preferred = (tags: readonly string[]): Language => {
  for (const tag of tags) {
    const primary = tag.split('-')[0]?.toLowerCase()
    const spoken = LANGUAGES.find((language) => language === primary)
    if (spoken !== undefined) return spoken
  }
  return 'en'
}
