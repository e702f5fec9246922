// The contract of the store port (src/ledger/store.ts): one suite that every engine passes. The
// chapters lie beside this file; each test opens a store of its own.
import { describe, onTestFinished } from 'vitest'
import { appendChapter } from './append.ts'
import type { Fresh } from './asking.ts'
import { bigChapter } from './big.ts'
import { catalogueChapter } from './catalogue.ts'
import { feedChapter } from './feed.ts'
import { keepingChapter } from './keeping.ts'
import { lifeChapter } from './life.ts'
import { statusesChapter } from './statuses.ts'
import { unionsChapter } from './unions.ts'
import { usersChapter } from './users.ts'
import { walksChapter } from './walks.ts'

/**
 * @param open an empty store; its `close` lets go of it and of all that it left (calling it after
 * the store's own `close` is harmless)
 * @param most how many apps tell at once
 */
export const contractOf = (open: Fresh, name: string, most = { apps: 300 }): void => {
  const fresh: Fresh = async (settings) => {
    const opened = await open(settings)
    onTestFinished(opened.close)
    return opened
  }
  describe(`the ${name} store`, () => {
    appendChapter(fresh)
    unionsChapter(fresh)
    statusesChapter(fresh)
    keepingChapter(fresh)
    usersChapter(fresh)
    walksChapter(fresh)
    catalogueChapter(fresh)
    feedChapter(fresh)
    lifeChapter(fresh)
    bigChapter(fresh, most)
  })
}
