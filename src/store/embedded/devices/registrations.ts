// First registrations: the earliest moment each device registered, on which platform, and how many
// devices are new in each hour. Open for one app while one group of appends is applied.
import { PLATFORMS, type Platform } from '../../../ledger/channel.ts'
import { type Day, dayOfHour, type Hour, hoursPerDay, type Zone } from '../../../ledger/day.ts'
import { ByteReader, ByteWriter } from '../lmdb/bytes.ts'
import type { ReadBody } from '../lmdb/environment.ts'
import { newUsersKey, registrationsKey } from '../lmdb/key.ts'
import type { WriteSet } from '../lmdb/write-batch.ts'
import { blockDevices } from './id-block.ts'

const body = new ByteWriter()

// A registration in one number, so that the smaller one is the one that stands: the earlier moment,
// and of one moment the platform that comes first in the list. 0 is none.
const platformBits = 8
const registrationOf = (atMs: number, platform: number): number =>
  atMs * platformBits + platform + 1
export const momentOf = (registration: number): number => Math.floor(registration / platformBits)
export const platformOf = (registration: number): number => (registration % platformBits) - 1

/** New devices of one day: by hour, then by platform. */
export type NewUsers = number[]

export const newUsersAt = (hourOfDay: number, platform: number): number =>
  hourOfDay * PLATFORMS.length + platform

export const readNewUsers = (stored: Uint8Array | undefined): NewUsers => {
  const users: NewUsers = new Array<number>(hoursPerDay * PLATFORMS.length).fill(0)
  if (stored === undefined) return users
  const reader = new ByteReader(stored)
  return users.map(() => reader.varint())
}

/** The registrations of a block, by place; 0 is none. */
export const readRegistrations = (stored: Uint8Array): Float64Array => {
  const reader = new ByteReader(stored)
  const block = new Float64Array(blockDevices)
  for (let place = 0; place < blockDevices; place++) block[place] = reader.varint()
  return block
}

/** Where a registration counts: the day, and the place in that day's new users. */
export const newUserOf = (
  registration: number,
  zone: Zone,
): { readonly day: Day; readonly place: number } => {
  const hour: Hour = zone.hourOf(momentOf(registration))
  return { day: dayOfHour(hour), place: newUsersAt(hour % hoursPerDay, platformOf(registration)) }
}

export class Registrations {
  readonly #appId: number
  readonly #zone: Zone
  readonly #read: ReadBody
  readonly #blocks = new Map<number, Float64Array>()
  readonly #changedBlocks = new Set<number>()
  readonly #days = new Map<Day, NewUsers>()

  constructor(appId: number, zone: Zone, read: ReadBody) {
    this.#appId = appId
    this.#zone = zone
    this.#read = read
  }

  /** Tells of a registration; true when the device had none before. */
  register(ordinal: number, platform: Platform, atMs: number): boolean {
    const number = Math.floor(ordinal / blockDevices)
    const block = this.#block(number)
    const place = ordinal % blockDevices
    const held = block[place] ?? 0
    const told = registrationOf(atMs, PLATFORMS.indexOf(platform))
    if (held !== 0 && held <= told) return false
    if (held !== 0) this.#count(held, -1)
    this.#count(told, 1)
    block[place] = told
    this.#changedBlocks.add(number)
    return held === 0
  }

  *write(out: WriteSet): Generator<void> {
    for (const number of this.#changedBlocks) {
      body.reset()
      for (const registration of this.#block(number)) body.varint(registration)
      out.put(registrationsKey(this.#appId, number), body.written())
      yield
    }
    for (const [day, users] of this.#days) {
      body.reset()
      for (const devices of users) body.varint(devices)
      out.put(newUsersKey(this.#appId, day), body.written())
      yield
    }
  }

  #count(registration: number, devices: number): void {
    const { day, place } = newUserOf(registration, this.#zone)
    let users = this.#days.get(day)
    if (users === undefined) {
      users = readNewUsers(this.#read(newUsersKey(this.#appId, day)))
      this.#days.set(day, users)
    }
    // A day that was swept counts from nothing and is never asked again.
    users[place] = Math.max(0, (users[place] ?? 0) + devices)
  }

  #block(number: number): Float64Array {
    const known = this.#blocks.get(number)
    if (known !== undefined) return known
    const stored = this.#read(registrationsKey(this.#appId, number))
    const block = stored === undefined ? new Float64Array(blockDevices) : readRegistrations(stored)
    this.#blocks.set(number, block)
    return block
  }
}
