// Days of a zone as instants, and zones whose clocks do something odd.
import { type Day, openZone, type Zone } from '../../src/ledger/day.ts'

const msPerHour = 3_600_000
const msPerDay = 24 * msPerHour
/** No zone is further from UTC. */
const offsetMaxMs = 26 * msPerHour

export const zoneOf = (name: string): Zone => {
  const zone = openZone(name)
  if (zone === undefined) throw new Error(`there is no zone ${name}`)
  return zone
}

/** The first instant of a day, or of the next one where the zone skips it; found by halving. */
export const startOf = (zone: Zone, day: Day): number => {
  let before = day * msPerDay - offsetMaxMs
  let after = day * msPerDay + 2 * offsetMaxMs
  while (after - before > 1) {
    const between = Math.floor((before + after) / 2)
    if (zone.dayOf(between) >= day) after = between
    else before = between
  }
  return after
}

/** In both hemispheres: of an hour, of half of one, of two, at midnight; a skipped day; and none. */
export const ODD_ZONES = [
  'Asia/Shanghai',
  'America/New_York',
  'Europe/London',
  'Australia/Lord_Howe',
  'UTC',
  'Europe/Berlin',
  'Pacific/Apia',
  'America/Santiago',
  'America/Havana',
  'America/St_Johns',
  'Asia/Beirut',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Asia/Kathmandu',
  'Asia/Tehran',
  'Australia/Sydney',
  'Pacific/Chatham',
  'Pacific/Kiritimati',
  'Antarctica/Troll',
  'America/Argentina/Buenos_Aires',
] as const
