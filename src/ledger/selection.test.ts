// The numbering of selections: every field has one, equal fields share one, none is empty.
import { describe, expect, it } from 'vitest'
import { CELLS } from './channel.ts'
import { FIELDS, MESSAGE_REPORTS } from './field.ts'
import { fieldsOf, SELECTIONS, SELECTIONS_OF_CELL, selectionOf } from './selection.ts'

describe('selections', () => {
  it('hold the cells of their fields', () => {
    for (const field of FIELDS) expect(SELECTIONS[selectionOf(field)]).toEqual(field.cells)
  })

  it('are distinct, rising and not empty', () => {
    const names = SELECTIONS.map((cells) => cells.join())
    expect(new Set(names).size).toBe(names.length)
    for (const cells of SELECTIONS) {
      expect(cells.length).toBeGreaterThan(0)
      expect([...cells].sort((a, b) => a - b)).toEqual(cells)
      expect(new Set(cells).size).toBe(cells.length)
    }
    const used = new Set(FIELDS.map(selectionOf))
    expect([...used].sort((a, b) => a - b)).toEqual(SELECTIONS.map((_, number) => number))
  })

  it('are known by their cells', () => {
    for (const cell of CELLS) {
      const expected = SELECTIONS.flatMap((cells, i) => (cells.includes(cell) ? [i] : []))
      expect(SELECTIONS_OF_CELL[cell]).toEqual(expected)
    }
  })

  it('are shared by fields of several reports', () => {
    const sent = FIELDS.filter(({ path }) => path.at(-1) === 'ios_apns_sent')
    expect(sent.map(({ report }) => report)).toEqual(['/received', '/received/detail'])
    expect(new Set(sent.map(selectionOf)).size).toBe(1)
  })
})

it('the fields of the reports together are all fields, in order', () => {
  expect(MESSAGE_REPORTS.flatMap(fieldsOf)).toEqual(FIELDS)
})
