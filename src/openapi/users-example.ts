// The examples of the two reports about users.
import type { Example } from './operation.ts'

const mismatch: Example = {
  query: { time_unit: 'DAY', start: '2014-06', duration: 1 },
  status: 400,
  answer: {
    error: { code: 3004, message: 'start must be a real moment written yyyy-mm-dd for DAY' },
  },
}

export const usersExamples: Readonly<Record<string, Example>> = {
  days: {
    query: { time_unit: 'DAY', start: '2014-06-10', duration: 3 },
    status: 200,
    answer: {
      time_unit: 'DAY',
      start: '2014-06-10',
      duration: 3,
      items: [
        { time: '2014-06-10' },
        { time: '2014-06-11', android: { active: 1 } },
        { time: '2014-06-12', android: { online: 2, active: 1 } },
      ],
    },
  },
  hour: {
    query: { time_unit: 'HOUR', start: '2014-06-12 12', duration: 1 },
    status: 200,
    answer: {
      time_unit: 'HOUR',
      start: '2014-06-12 12',
      duration: 1,
      items: [{ time: '2014-06-12 12', android: { online: 2, active: 1 } }],
    },
  },
  mismatch,
}

export const groupUsersExamples: Readonly<Record<string, Example>> = {
  month: {
    query: { time_unit: 'MONTH', start: '2014-06', duration: 1 },
    status: 200,
    answer: {
      time_unit: 'MONTH',
      start: '2014-06',
      duration: 1,
      items: [{ time: '2014-06', android: { online: 2, active: 2 } }],
    },
  },
  mismatch,
}
