// Copies of short texts. V8 represents a piece of a string as a view of the whole string, and so keeps the
// whole in memory. Copy with `ownText` any piece of a request that outlives the request.

/** A copy of the first characters of a text. */
export const ownText = (text: string, lengthMax: number): string =>
  Buffer.from(text.slice(0, lengthMax), 'utf16le').toString('utf16le')
