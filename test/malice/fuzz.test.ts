// Somebody with the credentials of one app sends whatever they can think of to the built server: every
// answer is a well-formed one below 500, nothing of another app changes, and nothing grows.
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { expect, it } from 'vitest'
import type { FeedBody } from '../../src/http/endpoint/wire.ts'
import { callerOf } from '../support/caller.ts'
import { workplace } from '../support/program.ts'
import { randomOf } from '../support/random.ts'
import { tell } from '../support/tally.ts'
import { type Hostile, openHostile } from './hostile.ts'

const seed = Number(process.env['FUZZ_SEED'] ?? 20_261_123)
const inputs = Number(process.env['FUZZ_INPUTS'] ?? 3000)
const atOnce = 16
const answeredWithinMs = 20_000
const growthMiBMax = 128

/** Sends all, then nothing more, and gives what came until the server hung up. */
const sendAll = (port: number, { packets }: Hostile, number: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    // From many addresses, because failed log-ins of one would be slowed down.
    const localAddress = `127.0.${(number >> 8) & 255}.${number & 255 || 1}`
    const socket = connect({ port, host: '127.0.0.1', localAddress })
    const came: Buffer[] = []
    const late = () => reject(new Error('the server does not hang up'))
    const timer = setTimeout(late, answeredWithinMs)
    socket.on('data', (chunk) => came.push(chunk))
    // Hanging up with bytes unread is an answer too: of a body that was refused.
    socket.on('error', () => {})
    socket.once('close', () => {
      clearTimeout(timer)
      resolve(Buffer.concat(came))
    })
    for (const packet of packets) socket.write(packet)
    socket.end()
  })

/** What is wrong with the answers that came; empty where nothing is. */
const complaintOf = (came: Buffer, statuses: Map<number, number>): string => {
  let rest = came
  while (rest.length > 0) {
    const end = rest.indexOf('\r\n\r\n')
    if (end < 0) return 'a broken head'
    const head = rest.toString('latin1', 0, end)
    const status = Number(/^HTTP\/1\.1 (\d{3}) [^\r\n]+\r\n/.exec(`${head}\r\n`)?.[1] ?? 0)
    if (status === 100) {
      rest = rest.subarray(end + 4)
      continue
    }
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
    if (status < 200 || status >= 500) return `the status ${status}`
    if (/evil/i.test(head)) return 'a header that was put in by the question'
    if (status === 304) {
      rest = rest.subarray(end + 4)
      continue
    }
    const isPage = status < 400 && /\r\ncontent-type: text\/html/i.test(head)
    if (!isPage && !/\r\ncontent-type: application\/json/i.test(head)) return 'another type'
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0)
    const body = rest.toString('utf8', end + 4, end + 4 + length)
    const complaint = isPage ? '' : complaintOfBody(status, body, length)
    if (complaint !== '') return complaint
    rest = rest.subarray(end + 4 + length)
  }
  return ''
}

const complaintOfBody = (status: number, text: string, length: number): string => {
  if (Buffer.byteLength(text) !== length || length === 0) return 'a body that is not whole'
  try {
    const body = JSON.parse(text) as { error?: { code?: unknown; message?: unknown } }
    const { code, message } = body.error ?? {}
    if (status >= 400 && (typeof code !== 'number' || typeof message !== 'string')) {
      return `no error object: ${text}`
    }
    return ''
  } catch {
    return `no JSON: ${text}`
  }
}

const rssOf = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024

it(`answers ${inputs} hostile requests`, { timeout: 60_000 + inputs * 20 }, async () => {
  const place = workplace()
  const [own, other] = [await place.createApp('own'), await place.createApp('other')]
  const server = await place.serve(['--rate-limit', '0', '--log-level', 'debug'])
  const victim = callerOf(server.url, other)
  const line = { type: 'received', msg_id: '1', platform: 'android', registration_ids: ['x', 'y'] }
  await victim.told([{ ...line, time: Date.now() }])
  const before = (await victim.ask('/v3/messages/detail?msg_ids=1,2,3')).text

  const authorization = `Basic ${Buffer.from(`${own.key}:${own.secret}`).toString('base64')}`
  const next = openHostile(randomOf(seed), authorization)
  const statuses = new Map<number, number>()
  let left = inputs
  let quarterRss = 0
  const attack = async () => {
    while (left-- > 0) {
      const number = inputs - left
      const hostile = next()
      const complaint = complaintOf(await sendAll(server.port, hostile, number), statuses)
      if (complaint !== '') {
        const sent = JSON.stringify(Buffer.concat([...hostile.packets]).toString('latin1'))
        throw new Error(
          `FUZZ_SEED=${seed}, input ${number}: ${complaint} to ${sent.slice(0, 2000)}`,
        )
      }
      if (number === inputs >> 2) quarterRss = rssOf(server.pid)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, attack))

  // It got past the doors often enough, and the feed counts what it sent.
  const enough = inputs / 1000
  const few = [200, 400, 401, 404, 405].filter((s) => (statuses.get(s) ?? 0) < enough)
  expect(few).toEqual([])
  const { hours } = (await callerOf(server.url, own).ask('/v1/feed')).body as unknown as FeedBody
  expect(hours.reduce((sum, { accepted }) => sum + accepted, 0)).toBeGreaterThan(enough)
  expect(hours.reduce((sum, { repeated }) => sum + (repeated ?? 0), 0)).toBeGreaterThan(enough)
  const codes = new Set(hours.flatMap(({ refused }) => Object.keys(refused)))
  expect(codes.size).toBeGreaterThan(3)
  expect((await victim.ask('/v3/messages/detail?msg_ids=1,2,3')).text).toBe(before)
  const grownMiB = Math.max(0, Math.round((rssOf(server.pid) - quarterRss) / 2 ** 20))
  const answers = [...statuses.values()].reduce((sum, count) => sum + count, 0)
  const hundreds = [...statuses].map(([status, count]) => ({ [`answers${status}`]: count }))
  tell(Object.assign({ inputs, answers, complaints: 0, grownMiB }, ...hundreds))
  expect(grownMiB).toBeLessThan(growthMiBMax)
  const { code, stderr } = await server.stop()
  expect(code).toBe(0)
  expect(stderr).not.toMatch(/"level":[56]0/)
  for (const secret of [own.secret, other.secret, authorization.slice(6)]) {
    expect(stderr).not.toContain(secret)
  }
  for (const logged of stderr.trim().split('\n')) expect(() => JSON.parse(logged)).not.toThrow()
})
