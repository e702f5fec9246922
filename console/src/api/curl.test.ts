// What is copied as curl, and that a shell reads nothing else in it.
import { expect, it } from 'vitest'
import { curlOf } from './curl.ts'
import { messageDetail, statuses } from './question.ts'

it('a question reads as a line of curl', () => {
  expect(curlOf(messageDetail('42'), 'http://127.0.0.1:8787', 'k')).toBe(
    "curl -u 'k:MASTER_SECRET' 'http://127.0.0.1:8787/v3/messages/detail?msg_ids=42'",
  )
})

it('nothing in it reaches beyond its quotes', () => {
  expect(curlOf(statuses('42', ["'; rm x"], ''), 'http://h', "k'")).toBe(
    `curl -u 'k'\\'':MASTER_SECRET' 'http://h/v3/status/message' \\
  -d '{"msg_id":"42","registration_ids":["'\\''; rm x"]}'`,
  )
})
