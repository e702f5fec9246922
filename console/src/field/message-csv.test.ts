// A message as a row of a file.
import { expect, it } from 'vitest'
import { messageCsv } from './message-csv.ts'

it('a message is a row with every stage of both kinds', () => {
  const csv = messageCsv([
    {
      msg_id: '58545795622195712',
      first_hour: '2026-01-31 08',
      latest_day: '2026-02-01',
      settled: true,
      notification: { target: 3, online_push: 2, click: 1 },
    },
  ])
  const [header, row] = csv.slice(1).split('\r\n')
  expect(header?.split(',').length).toBe(16)
  expect(header).toContain('settled,notification_target,notification_sent')
  expect(row).toBe("'58545795622195712,2026-01-31 08,2026-02-01,true,3,0,2,0,0,1,0,0,0,0,0,0")
})
