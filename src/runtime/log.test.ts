// The log where it cannot be written: lines are lost, the next ones are whole.
import { expect, it } from 'vitest'
import { openLog, toStderr } from './log.ts'

const failure = (code: string) => Object.assign(new Error(code), { code })

/** Answers each write by the next of these: bytes that are taken, or a code. */
const taking = (answers: readonly (number | string)[]) => {
  const left = [...answers]
  const written: string[] = []
  const log = openLog(
    'info',
    toStderr((bytes) => {
      const answer = left.shift() ?? bytes.length
      if (typeof answer === 'string') throw failure(answer)
      written.push(Buffer.from(bytes.subarray(0, answer)).toString())
      return Math.min(answer, bytes.length)
    }),
  )
  for (const message of ['one', 'two', 'three']) log.info(message)
  return written.join('')
}

const messagesIn = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => (JSON.parse(line) as { msg: string }).msg)

it.each([
  ['all', [], ['one', 'two', 'three']],
  ['in pieces', [3, 10, 1], ['one', 'two', 'three']],
  ['after waiting for a reader', ['EAGAIN', 5, 'EAGAIN'], ['one', 'two', 'three']],
  ['none while the disk is full', ['ENOSPC', 'EIO'], ['three']],
  ['none of a line that was cut', [20, 'ENOSPC'], ['two', 'three']],
  ['none where nobody reads', Array(10).fill('EAGAIN'), ['two', 'three']],
])('writes %s', (_, answers, messages) => {
  expect(messagesIn(taking(answers))).toEqual(messages)
})
