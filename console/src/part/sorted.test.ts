// The order of a table's rows.
import { expect, it } from 'vitest'
import { sorted } from './sorted.ts'

const rows = [
  { id: 'b', count: 2 },
  { id: 'a', count: 10 },
  { id: 'c', count: 2 },
]
const columns = [
  { id: 'id', order: ({ id }: (typeof rows)[number]) => id },
  { id: 'count', order: ({ count }: (typeof rows)[number]) => count },
  { id: 'note' },
]
const ids = (by: string | undefined, isDescending = false) =>
  sorted(rows, columns, by === undefined ? undefined : { by, isDescending }).map(({ id }) => id)

it.each([
  [undefined, false, 'bac'],
  ['note', false, 'bac'],
  ['id', false, 'abc'],
  ['id', true, 'cba'],
  ['count', false, 'bca'],
  ['count', true, 'abc'],
])('by %s, descending %s: %s', (by, isDescending, order) => {
  expect(ids(by, isDescending).join('')).toBe(order)
})
