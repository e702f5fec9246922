// What every request asks for, taken for granted for a moment: what other servers change is seen after
// that, what this one changes at once. As long as a record is the same, it is the same object.
import { ownText } from '../../runtime/own-text.ts'

export interface Remembered<T> {
  find(key: string): Promise<T | undefined>
  drop(key: string): void
}

interface Entry<T> {
  readonly record: T
  readonly text: string
  readonly atMs: number
}

const takenForGrantedMs = 1000
const entriesMax = 10_000
/** All keys are shorter. */
const keyLengthMax = 200

/** What is not there is asked for every time. */
export const openRemembered = <T>(load: (key: string) => Promise<T | undefined>): Remembered<T> => {
  const entries = new Map<string, Entry<T>>()
  const loading = new Map<string, Promise<T | undefined>>()

  const loadAnew = async (key: string): Promise<T | undefined> => {
    const before = entries.get(key)
    const found = await load(key)
    if (found === undefined) {
      entries.delete(key)
      return undefined
    }
    const text = JSON.stringify(found)
    const record = before?.text === text ? before.record : found
    if (entries.size >= entriesMax) entries.clear()
    entries.set(ownText(key, keyLengthMax), { record, text, atMs: performance.now() })
    return record
  }
  return {
    find: (key) => {
      const known = entries.get(key)
      if (known !== undefined && performance.now() - known.atMs < takenForGrantedMs) {
        return Promise.resolve(known.record)
      }
      const underWay = loading.get(key)
      if (underWay !== undefined) return underWay
      const mine = loadAnew(key).finally(() => {
        if (loading.get(key) === mine) loading.delete(key)
      })
      loading.set(key, mine)
      return mine
    },
    drop: (key) => {
      entries.delete(key)
      loading.delete(key)
    },
  }
}
