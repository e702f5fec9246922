// A value that is watched: what the whole console shares (language, theme, sessions, connection)
// lies in these, and a part that reads one is drawn again when it changes.
import { useEffect, useState } from 'preact/hooks'

export interface Held<Value> {
  get(): Value
  set(value: Value): void
  /** Calls back after every change; returns how to stop that. */
  watch(changed: (value: Value) => void): () => void
}

export const held = <Value>(first: Value): Held<Value> => {
  let value = first
  const watchers = new Set<(value: Value) => void>()
  return {
    get: () => value,
    set: (next) => {
      if (Object.is(next, value)) return
      value = next
      for (const changed of [...watchers]) changed(next)
    },
    watch: (changed) => {
      watchers.add(changed)
      return () => watchers.delete(changed)
    },
  }
}

export const useHeld = <Value>(source: Held<Value>): Value => {
  const [, draw] = useState({})
  useEffect(() => source.watch(() => draw({})), [source])
  return source.get()
}
