// The time zone of an app or a group, by which its days are cut for good: which names are accepted, how they
// are spelled when they are stored, and what to say of the others. JavaScript knows more names than people
// mean: CST is America/Chicago to it, and Etc/GMT-8 is eight hours ahead.
import { openZone } from '../ledger/day.ts'

/** `Area/City` as IANA spells it, or UTC; a zone that this machine knows. */
export type TimeZone = string & { readonly timeZone: true }

export const timeZoneRule =
  'the IANA name of a time zone, Area/City like Asia/Shanghai or America/Argentina/Buenos_Aires, or UTC'

/** Source: the folders of the IANA time zone database that name places, as of 2025c. */
const AREAS: ReadonlySet<string> = new Set([
  ...['africa', 'america', 'antarctica', 'arctic', 'asia'],
  ...['atlantic', 'australia', 'europe', 'indian', 'pacific'],
])

const shape = /^([a-z]+)(?:\/[a-z][a-z_-]+){1,2}$/i

// An object knows names, such as constructor, that nobody gave it.
const mapOf = (names: Readonly<Record<string, string>>): ReadonlyMap<string, string> =>
  new Map(Object.entries(names))

/** Words that are no capitalized words, from the same source. */
const SPELLINGS = mapOf({
  of: 'of',
  es: 'es',
  au: 'au',
  mcmurdo: 'McMurdo',
  dumontdurville: 'DumontDUrville',
})

/** In any letter case; as it is stored. */
export const parseTimeZone = (text: string): TimeZone | undefined => {
  if (text.toUpperCase() === 'UTC') return 'UTC' as TimeZone
  const area = shape.exec(text)?.[1]?.toLowerCase()
  if (area === undefined || !AREAS.has(area)) return undefined
  const name = text.toLowerCase().replaceAll(/[a-z]+/g, spelled)
  return openZone(name) === undefined ? undefined : (name as TimeZone)
}

const spelled = (word: string): string =>
  SPELLINGS.get(word) ?? `${word.charAt(0).toUpperCase()}${word.slice(1)}`

/** Whether two zones, as they are stored, are one: a link such as Asia/Chongqing is what it links to. */
export const isSameZone = (one: string, other: string): boolean =>
  one === other ||
  (openZone(one)?.canonicalName ?? one) === (openZone(other)?.canonicalName ?? other)

/** What may be meant by a name that is refused; all of those that have several meanings. */
const MEANT = mapOf({
  cst: 'Asia/Shanghai or America/Chicago',
  prc: 'Asia/Shanghai',
  hkt: 'Asia/Hong_Kong',
  sgt: 'Asia/Singapore',
  jst: 'Asia/Tokyo',
  kst: 'Asia/Seoul',
  ist: 'Asia/Kolkata, Asia/Jerusalem or Europe/Dublin',
  bst: 'Europe/London or Asia/Dhaka',
  gmt: 'UTC or Europe/London',
  z: 'UTC',
  zulu: 'UTC',
  'etc/utc': 'UTC',
  'etc/gmt': 'UTC',
  cet: 'Europe/Berlin',
  cest: 'Europe/Berlin',
  msk: 'Europe/Moscow',
  est: 'America/New_York',
  edt: 'America/New_York',
  cdt: 'America/Chicago',
  mst: 'America/Denver',
  pst: 'America/Los_Angeles',
  pdt: 'America/Los_Angeles',
  aest: 'Australia/Sydney',
  'asia/beijing': 'Asia/Shanghai',
})

const offsetShape = /^(utc|gmt|etc\/gmt)?[+-]\d{1,2}(:?\d\d)?$/i

/** Which names to give in place of one that is refused; undefined where nobody can know. */
export const zoneMeantBy = (text: string): string | undefined => {
  const meant = MEANT.get(text.toLowerCase())
  if (meant !== undefined) return meant
  if (offsetShape.test(text)) return 'a city that keeps this offset, like Asia/Shanghai for UTC+8'
  const canonical = openZone(text)?.canonicalName ?? ''
  return shape.test(canonical) ? canonical : undefined
}
