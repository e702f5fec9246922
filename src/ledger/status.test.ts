// The decision table of section 4 of the report API, a row a line.
import { describe, expect, it } from 'vitest'
import { CELLS, cellOf, type Stage, stageOf } from './channel.ts'
import { daysToldApart } from './day.ts'
import { type FactOnDay, STATUS, statusOf } from './status.ts'

const today = 20_000

const fact = (stage: Stage, day: number): FactOnDay => {
  const cell = cellOf('android', 'jpush', 'notification', stage)
  if (cell === undefined) throw new Error(`there is no cell of ${stage}`)
  return { cell, day }
}

describe('the status of a device of the app', () => {
  const rows: readonly (readonly [string, number, readonly FactOnDay[], number])[] = [
    ['no fact', today, [], 3],
    ['a target', today, [fact('target', today)], 1],
    ['pushed online', today, [fact('online_push', today)], 1],
    ['sent', today, [fact('sent', today)], 1],
    ['received', today, [fact('received', today)], 0],
    ['displayed', today, [fact('display', today)], 0],
    ['clicked', today, [fact('click', today)], 0],
    ['received, then another stage', today, [fact('received', today), fact('target', today)], 0],
    ['another stage, then received', today, [fact('target', today), fact('received', today)], 0],
    ['sent and a target', today, [fact('sent', today), fact('target', today - 1)], 1],
    ['the day before', today - 1, [fact('received', today)], 3],
    ['that day', today - 1, [fact('received', today - 1)], 0],
    ['the day after', today, [fact('received', today - 1)], 0],
    ['target then, received later', today - 1, [fact('received', today), fact('sent', 1)], 1],
    ['told of tomorrow', today, [fact('received', today + 1)], 3],
    ['the 62nd day back, asked the day before', today - 62, [fact('click', today - 61)], 3],
    ['the 62nd day back, asked that day', today - 61, [fact('click', today - 61)], 0],
    ['the 63rd day back stands before all', today - 500, [fact('click', today - 62)], 0],
    ['so does a target', 0, [fact('target', today - 63)], 1],
  ]
  it.each(rows)('%s', (_, asOf, facts, status) => {
    expect(statusOf(facts, asOf, today)).toBe(status)
  })

  it('is decided by the stage alone, not by platform, channel or kind', () => {
    for (const cell of CELLS) {
      const isDelivered = ['received', 'display', 'click'].includes(stageOf(cell))
      expect(statusOf([{ cell, day: today }], today, today)).toBe(isDelivered ? 0 : 1)
    }
  })

  it('does not change when an engine forgets which day of the old ones it was', () => {
    const kept = today - daysToldApart + 1
    for (let day = kept - 3; day <= kept + 3; day++) {
      for (let asOf = kept - 4; asOf <= kept + 4; asOf++) {
        const merged = day < kept ? 0 : day
        expect(statusOf([fact('sent', merged)], asOf, today)).toBe(
          statusOf([fact('sent', day)], asOf, today),
        )
      }
    }
  })

  it('has the numbers of the page', () => {
    expect(STATUS).toEqual({
      delivered: 0,
      notDelivered: 1,
      notOfThisApp: 2,
      notATarget: 3,
      unreadable: 4,
    })
  })
})
