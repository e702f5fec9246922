// Text that keeps no other text in memory. A piece that was cut out of a string, or matched in it, is for
// V8 a view of the whole: whatever is kept for longer than a request must be copied with `ownText`.

/** The first characters of a text, at most so many, as a string of their own. */
export const ownText = (text: string, lengthMax: number): string =>
  Buffer.from(text.slice(0, lengthMax), 'utf16le').toString('utf16le')
