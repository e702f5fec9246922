// A moment as lines tell it: RFC 3339 with offset, read from bytes because every line of a feed
// carries another one. Whether a moment may be told at all is not asked here.

import { msPerDay } from '../../ledger/day.ts'

const msPerMinute = 60_000
const zero = 0x30
const nine = 0x39

/** Epoch ms of `yyyy-mm-ddThh:mm:ss[.f…](Z|±hh:mm)`, NaN for anything else. */
export const readInstant = (bytes: Uint8Array, start: number, end: number): number => {
  if (end - start < 20) return Number.NaN
  const day = readDay(bytes, start)
  if (
    bytes[start + 4] !== 0x2d ||
    bytes[start + 7] !== 0x2d ||
    !isLetter(bytes[start + 10], 0x54)
  ) {
    return Number.NaN
  }
  const hour = digits(bytes, start + 11, 2)
  const minute = digits(bytes, start + 14, 2)
  const second = digits(bytes, start + 17, 2)
  if (bytes[start + 13] !== 0x3a || bytes[start + 16] !== 0x3a) return Number.NaN
  if (hour > 23 || minute > 59 || second > 60) return Number.NaN
  const fractionEnd = endOfFraction(bytes, start + 19, end)
  const fraction = fractionEnd === start + 19 ? 0 : milliseconds(bytes, start + 20, fractionEnd)
  const offset = readOffset(bytes, fractionEnd, end)
  const minutes = hour * 60 + minute - offset
  // A leap second ends a day of UTC; as in POSIX time it shares its number with the next second.
  if (second === 60 && (minutes + 1) % 1440 !== 0) return Number.NaN
  return day * msPerDay + minutes * msPerMinute + second * 1000 + fraction
}

/** NaN where a byte is no digit, and NaN carries on through every sum. */
const digits = (bytes: Uint8Array, at: number, count: number): number => {
  let value = 0
  for (let i = at; i < at + count; i++) {
    const digit = (bytes[i] ?? 0) - zero
    if (digit < 0 || digit > 9) return Number.NaN
    value = value * 10 + digit
  }
  return value
}

const isLetter = (byte: number | undefined, upper: number): boolean =>
  byte === upper || byte === upper + 0x20

/** Days since 1970-01-01 of the real date `yyyy-mm-dd` at a place, else NaN. */
const readDay = (bytes: Uint8Array, at: number): number => {
  const year = digits(bytes, at, 4)
  const month = digits(bytes, at + 5, 2)
  const day = digits(bytes, at + 8, 2)
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month))) return Number.NaN
  // Counted in years that begin in March, so that a leap day is the last of its year.
  const y = month > 2 ? year : year - 1
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1
  const leapDays = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400)
  return y * 365 + leapDays + dayOfYear - 719_468
}

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

const daysIn = (year: number, month: number): number => {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return month === 2 && leap ? 29 : (monthDays[month - 1] ?? 0)
}

/** Where the offset begins; `at` itself where there is no fraction. */
const endOfFraction = (bytes: Uint8Array, at: number, end: number): number => {
  if (bytes[at] !== 0x2e) return at
  let i = at + 1
  while (i < end && (bytes[i] ?? 0) >= zero && (bytes[i] ?? 0) <= nine) i++
  return i
}

/** Whole milliseconds of a fraction's digits, the rest cut off; NaN where there is no digit. */
const milliseconds = (bytes: Uint8Array, from: number, to: number): number => {
  if (from === to) return Number.NaN
  const read = Math.min(3, to - from)
  return digits(bytes, from, read) * 10 ** (3 - read)
}

/** Minutes east of UTC, NaN where `at … end − 1` is no offset. */
const readOffset = (bytes: Uint8Array, at: number, end: number): number => {
  if (end - at === 1 && isLetter(bytes[at], 0x5a)) return 0
  const sign = bytes[at] === 0x2b ? 1 : bytes[at] === 0x2d ? -1 : Number.NaN
  if (end - at !== 6 || bytes[at + 3] !== 0x3a) return Number.NaN
  const hours = digits(bytes, at + 1, 2)
  const minutes = digits(bytes, at + 4, 2)
  return hours <= 23 && minutes <= 59 ? sign * (hours * 60 + minutes) : Number.NaN
}
