// The status of a device for a message as of the end of a day: one decision, shared by all engines.
import { type Cell, type Stage, stageOf } from './channel.ts'
import { type Day, daysToldApart } from './day.ts'

export const STATUS = {
  delivered: 0,
  notDelivered: 1,
  notOfThisApp: 2,
  notATarget: 3,
  unreadable: 4,
} as const
export type Status = (typeof STATUS)[keyof typeof STATUS]

/** One fact of the device: a cell of the message and the earliest day it was told of. */
export interface FactOnDay {
  readonly cell: Cell
  readonly day: Day
}

const delivering: readonly Stage[] = ['received', 'display', 'click']

/**
 * The status of a device of the app from its facts of the message (membership is the engine's to
 * ask). Days are told apart for the last 62 days before `today`; an older fact stands before all.
 */
export const statusOf = (facts: readonly FactOnDay[], asOf: Day, today: Day): Status => {
  const firstDayToldApart = today - daysToldApart + 1
  let status: Status = STATUS.notATarget
  for (const { cell, day } of facts) {
    if (day > asOf && day >= firstDayToldApart) continue
    if (delivering.includes(stageOf(cell))) return STATUS.delivered
    status = STATUS.notDelivered
  }
  return status
}
