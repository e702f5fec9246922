// The table of apps in memory: for tests, and the plainest reading of the port.
import type { AppRecord, AppTable } from '../../apps/app-table.ts'
import type { AppKey } from '../../ledger/ids.ts'

/** A table of its own, empty. */
export const openMemoryApps = (): AppTable => {
  // A Map keeps the order of creation; a changed record stays at its place.
  const apps = new Map<AppKey, AppRecord>()
  const removed = new Set<number>()
  let lastId = 0

  return {
    find: async (key) => apps.get(key),
    list: async () => [...apps.values()],
    create: async (app) => {
      if (apps.has(app.key)) return undefined
      lastId++
      const record = { ...app, id: lastId }
      apps.set(app.key, record)
      return record
    },
    change: async (key, change) => {
      const held = apps.get(key)
      if (held === undefined) return undefined
      const changed = { ...change(held), id: held.id, key }
      apps.set(key, changed)
      return changed
    },
    remove: async (key) => {
      const held = apps.get(key)
      if (held === undefined) return undefined
      apps.delete(key)
      removed.add(held.id)
      return held
    },
    removed: async () => [...removed],
    forget: async (id) => {
      removed.delete(id)
    },
  }
}
