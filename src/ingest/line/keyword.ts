// The words that an event may use for its type, platform, channel and kind, as small numbers: a feed
// repeats them on every line, and tables over numbers are faster than maps over texts.
import { CHANNEL_ALIASES, CHANNEL_NAMES, KINDS, PLATFORMS, STAGES } from '../../ledger/channel.ts'
import { DEVICE_EVENTS } from '../../ledger/event-batch.ts'

export type Word = number & { readonly word: true }

/** The member is absent, or JSON null. */
export const leftOut = 0 as Word
/** There is a value, but it is none of the words, and no rule admits it. */
export const unknown = 1 as Word

const texts: readonly (string | undefined)[] = [
  undefined,
  undefined,
  ...DEVICE_EVENTS,
  ...STAGES,
  ...PLATFORMS,
  ...CHANNEL_NAMES,
  ...Object.keys(CHANNEL_ALIASES),
  ...KINDS,
]

export const WORD_COUNT: number = texts.length

const words = new Map(texts.map((text, word) => [text, word as Word]))

export const wordOf = (text: string): Word => words.get(text) ?? unknown

/** Undefined for a word that is left out or not known. */
export const textOf = (word: Word): string | undefined => texts[word]
