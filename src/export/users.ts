// One row a day or month: the devices that were new, online and active in it, by platform.
import { PLATFORMS } from '../ledger/channel.ts'
import type { App, Reader, Users } from '../ledger/store.ts'
import { keptSlots, type UsersItem, usersItems } from '../report/users.ts'
import type { Column, Page, Table } from './table.ts'

const metrics = ['new', 'online', 'active'] as const satisfies readonly (keyof Users)[]

/** All whole months that are kept, and the one that runs. */
export const usersTable = (
  reader: Reader,
  app: App,
  unit: 'DAY' | 'MONTH',
  nowMs: number,
): Table<UsersItem> => {
  const names = PLATFORMS.flatMap((platform) => metrics.map((metric) => `${platform}.${metric}`))
  async function* pages(): AsyncGenerator<Page<UsersItem>> {
    const slots = keptSlots(unit, app.zone.dayOf(nowMs))
    yield { rows: await usersItems(reader, [app], slots, app.zone, nowMs), part: 1 }
  }
  return {
    columns: [
      { name: 'time', type: 'time' },
      ...names.map((name): Column => ({ name, type: 'count' })),
    ],
    valuesOf: (item) => [
      item.time,
      ...PLATFORMS.flatMap((platform) => metrics.map((metric) => item[platform]?.[metric] ?? null)),
    ],
    jsonOf: (item) => JSON.stringify(item),
    pages,
  }
}
