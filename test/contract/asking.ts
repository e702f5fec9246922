// What the chapters of the contract ask of an engine, said shortly.
import { expect } from 'vitest'
import { PLATFORMS } from '../../src/ledger/channel.ts'
import { type Day, openZone, parseDay, parseHour, parseMonth } from '../../src/ledger/day.ts'
import { FIELDS } from '../../src/ledger/field.ts'
import type { MsgId, RegistrationId } from '../../src/ledger/ids.ts'
import { SELECTIONS, selectionOf } from '../../src/ledger/selection.ts'
import type { App, Appended, Slot, Store } from '../../src/ledger/store.ts'

export interface Opened {
  readonly store: Store
  /** Lets go of the store and opens what it kept; missing where an engine keeps nothing. */
  readonly reopen?: () => Promise<Store>
  readonly close: () => Promise<void>
}

/** A store of its own for the test that asks, closed when the test is over. */
export type Fresh = (settings?: { keepDays?: number }) => Promise<Opened>

export const appIn = (zoneName = 'Asia/Shanghai', id = 1): App => {
  const zone = openZone(zoneName)
  if (zone === undefined) throw new Error(`there is no zone ${zoneName}`)
  return { id, zone }
}

/** Epoch milliseconds of an instant written with its offset. */
export const at = (text: string): number => {
  const ms = Date.parse(text)
  if (Number.isNaN(ms) || !/(Z|[+-]\d\d:\d\d)$/.test(text)) throw new Error(`${text} is no instant`)
  return ms
}

const known = <T>(value: T | undefined, text: string): T => {
  if (value === undefined) throw new Error(`${text} is no day, hour or month`)
  return value
}

const day = (text: string): Day => known(parseDay(text), text)

/** `yyyy-mm-dd hh`, `yyyy-mm-dd` or `yyyy-mm`. */
const slot = (text: string): Slot => {
  if (text.length === 13) return { unit: 'HOUR', hour: known(parseHour(text), text) }
  if (text.length === 10) return { unit: 'DAY', day: day(text) }
  return { unit: 'MONTH', month: known(parseMonth(text), text) }
}

/** The size of every selection, by its number. */
export const sizesOf = async (
  store: Store,
  app: App,
  msgId: MsgId,
  nowMs: number,
): Promise<readonly number[]> => {
  const [counts] = await store.counts(app, [msgId], nowMs)
  return SELECTIONS.map((_, number) => counts?.[number] ?? 0)
}

export const noSizes: readonly number[] = SELECTIONS.map(() => 0)

/** The number behind a field, named like `/messages android.received`. */
export const countOf = async (
  store: Store,
  app: App,
  msgId: MsgId,
  name: string,
  nowMs: number,
): Promise<number | undefined> => {
  const field = FIELDS.find(({ report, path }) => `${report} ${path.join('.')}` === name)
  if (field === undefined) throw new Error(`there is no field ${name}`)
  return (await sizesOf(store, app, msgId, nowMs))[selectionOf(field)]
}

export const statusesOf = async (
  store: Store,
  app: App,
  msgId: MsgId,
  devices: readonly RegistrationId[],
  asOf: string,
  nowMs: number,
): Promise<readonly number[]> => store.statuses(app, { msgId, devices, asOf: day(asOf), nowMs })

/** Per slot `android 1 2 3, ios …` (new, online, active), silent about zeros. */
export const usersOf = async (
  store: Store,
  app: App,
  ...slots: readonly string[]
): Promise<readonly string[]> => {
  const answers = await store.users(app, slots.map(slot))
  return answers.map((answer) => {
    const platforms = PLATFORMS.map((platform) => {
      const users = answer[platform]
      return `${platform} ${users.new} ${users.online} ${users.active}`
    })
    return platforms.filter((platform) => !platform.endsWith(' 0 0 0')).join(', ')
  })
}

/** An engine that cannot tell how many were held says null. */
export const expectRepeated = (appended: readonly Appended[], repeated: number): void => {
  if (appended.some((each) => each.repeated === null)) return
  expect(appended.reduce((sum, each) => sum + (each.repeated ?? 0), 0)).toBe(repeated)
}
