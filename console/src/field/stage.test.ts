// Shares of stages: of one row, and of a total of several channels.
import { expect, it } from 'vitest'
import { countsOf, rateOf, stageShare, sum } from './stage.ts'

const jpush = countsOf({ target: 10, received: 4, click: 1 })
const xm = countsOf({ target: 8, sent: 5, received: 3 })

it('the share of a stage in another, where it is within it', () => {
  expect(stageShare(jpush, 'received', 'target')).toBe(0.4)
  expect(stageShare(jpush, 'click', 'received')).toBe(0.25)
  expect(stageShare(jpush, 'click', 'display')).toBeUndefined()
  expect(stageShare(countsOf({ received: 2, click: 3 }), 'click', 'received')).toBeUndefined()
})

it('the rate of a row is of what was sent, else of the targets', () => {
  expect(rateOf(xm, 'received')).toBe(0.6)
  expect(rateOf(jpush, 'received')).toBe(0.4)
  expect(rateOf(countsOf({ target: 9, sent: 2, received: 3 }), 'received')).toBeUndefined()
})

it('the rate of a total is of what was sent only where every row tells it', () => {
  const total = sum([jpush, xm])
  expect(stageShare(total, 'received', 'sent', [jpush, xm])).toBeUndefined()
  expect(rateOf(total, 'received', [jpush, xm])).toBe(7 / 18)
  expect(rateOf(sum([xm, xm]), 'received', [xm, xm])).toBe(0.6)
})

it('targets told by one channel are those of the others too', () => {
  const rows = [countsOf({ target: 3 }), countsOf({ sent: 2, received: 1 })]
  expect(rateOf(sum(rows), 'received', rows)).toBe(1 / 3)
})
