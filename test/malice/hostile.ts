// Requests of somebody who means harm, drawn from a seed: lawful ones with bytes changed, and lawful
// forms filled with what programs stumble over. Knows nothing of what must be answered.
import { gzipSync } from 'node:zlib'
import type { Random } from '../support/random.ts'

export interface Hostile {
  /** To be written one after the other. */
  readonly packets: readonly Buffer[]
}

const nasty: readonly string[] = [
  '',
  '0',
  '-1',
  '1e309',
  'NaN',
  '9223372036854775807',
  '9223372036854775808',
  '9'.repeat(400),
  '1,'.repeat(150),
  ',,,',
  'null',
  'true',
  '__proto__',
  'constructor',
  '2014-06-12',
  '2014-02-30',
  '9999-12-31 23',
  '-271821-04-20',
  '%',
  '%00',
  '%ff%fe',
  '%F0%9F%98%80',
  '%ed%a0%80',
  '%0d%0aX-Evil:%201',
  "' or 1=1 --",
  '../../../../etc/passwd',
  '<script>alert(1)</script>',
  '\u0000',
  '\r\nX-Evil: 1',
  'é😀',
  'x'.repeat(9000),
]

const paths: readonly string[] = [
  '/v3/received',
  '/v3/received/detail',
  '/v3/messages',
  '/v3/messages/detail',
  '/v3/users',
  '/v3/status/message',
  '/v3/report/received',
  '/v3/group/messages/detail',
  '/v3/group/users',
  '/v1/group/messages',
  '/v1/events',
  '/v1/sessions',
  '/healthz',
  '//v3//received//',
  '/',
  '*',
]
const names: readonly string[] = [
  'msg_ids',
  'group_msgids',
  'time_unit',
  'start',
  'duration',
  '__proto__',
  'x',
]
const lawful: Readonly<Record<string, readonly string[]>> = {
  msg_ids: ['1', '1,2,3', '1613113584, 1229760629'],
  time_unit: ['HOUR', 'day', 'MONTH'],
  start: ['2026-01-01', '2026-01', '2026-01-01+05'],
  duration: ['1', '60', '24'],
}
const members: readonly string[] = [
  'type',
  'msg_id',
  'registration_id',
  'registration_ids',
  'platform',
  'channel',
  'kind',
  'time',
  'date',
  'data',
  'group_msgid',
  'messages',
  'key',
  'secret',
  '__proto__',
]
const words: readonly string[] = [
  'received',
  'target',
  'click',
  'register',
  'android',
  'ios',
  'jpush',
  'xm',
  'apns',
  'message',
]
const headers: readonly string[] = [
  'Content-Length: 5',
  'Content-Length: -1',
  'Content-Length: 99999999999999999999',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: gzip, chunked',
  'Transfer-Encoding : chunked',
  'Content-Encoding: gzip',
  'Content-Encoding: br',
  'Expect: 100-continue',
  'Expect: x',
  'Connection: close',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Host: a',
  'Authorization: Basic !!!!',
  'Authorization: Basic Og==',
  'Authorization: Bearer plf_000000000000_00',
  'Authorization: Digest x',
  `Cookie: ${'c'.repeat(8000)}`,
  `Cookie: pushledger_session_${'0'.repeat(24)}=${'A'.repeat(43)}`,
  `X-Pushledger-App: ${'0'.repeat(24)}`,
  'X-Pushledger-App: __proto__',
  'Sec-Fetch-Site: cross-site',
  'Origin: null',
  'X-HTTP-Method-Override: DELETE',
  'Range: bytes=0-',
  'Accept-Encoding: gzip',
  'If-None-Match: *',
  ' folded: x',
  'no colon',
  'Bad\u0001Name: x',
]

export const openHostile = (random: Random, authorization: string): (() => Hostile) => {
  const kinds = [lawfulForm, oddBody, oddEvents, changedBytes, changedBytes, pureNoise]
  return () => {
    const bytes = random.pick(kinds)(random, authorization)
    if (!random.chance(0.2)) return { packets: [bytes] }
    const cut = random.int(0, bytes.length)
    return { packets: [bytes.subarray(0, cut), bytes.subarray(cut)] }
  }
}

const headOf = (
  random: Random,
  authorization: string,
  first: string,
  ...rest: string[]
): string => {
  const own = random.chance(0.9) ? [`Authorization: ${authorization}`] : []
  const odd = random.sample(headers, random.chance(0.7) ? 0 : 0.08)
  return [first, 'Host: report.jpush.cn', ...own, ...rest, ...odd, '', ''].join('\r\n')
}

const queryOf = (random: Random): string => {
  const count = random.int(0, 4)
  const parameter = () => {
    const name = random.pick(names)
    const value = random.chance(0.5) ? random.pick(lawful[name] ?? nasty) : random.pick(nasty)
    return `${name}=${value}`
  }
  return Array.from({ length: count }, parameter).join('&')
}

const lawfulForm = (random: Random, authorization: string): Buffer => {
  const method = random.pick(['GET', 'GET', 'GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])
  const target = `${random.pick(paths)}?${queryOf(random)}`
  return Buffer.from(headOf(random, authorization, `${method} ${target} HTTP/1.1`))
}

/** JSON of the members that count, with any values, now and then broken. */
const jsonOf = (random: Random, levels: number): string => {
  if (levels > 0 && random.chance(0.3)) {
    const items = Array.from({ length: random.int(0, 4) }, () => jsonOf(random, levels - 1))
    return `[${items.join()}]`
  }
  if (levels > 0 && random.chance(0.2)) return objectOf(random, levels - 1)
  if (random.chance(0.5)) return JSON.stringify(random.pick(words))
  return random.chance(0.5) ? JSON.stringify(random.pick(nasty)) : random.pick(nasty)
}

const objectOf = (random: Random, levels: number): string => {
  const chosen = random.sample(members, 0.5)
  return `{${chosen.map((name) => `${JSON.stringify(name)}:${jsonOf(random, levels)}`).join()}}`
}

/** Mostly lawful, of few messages and devices. */
const eventOf = (random: Random): string => {
  const event: Record<string, string> = {
    type: JSON.stringify(random.pick(['received', 'target', 'online', 'register'])),
    msg_id: String(random.int(1, 3)),
    platform: '"android"',
    registration_ids: JSON.stringify(['x', 'y', 'z'].slice(random.int(0, 2))),
  }
  if (random.chance(0.4)) event[random.pick(members)] = jsonOf(random, 2)
  return `{${Object.entries(event)
    .map(([name, value]) => `${JSON.stringify(name)}:${value}`)
    .join()}}`
}

const bodyOf = (random: Random): Buffer => {
  const line = random.pick([eventOf, (drawn: Random) => objectOf(drawn, 3)])
  const lines = Array.from({ length: random.int(0, 5) }, () => line(random))
  const depth = random.int(1, 5000)
  const whole = random.pick([lines.join('\n'), `[${lines.join()}]`])
  const broken = random.pick([
    `[${lines.join()}`,
    JSON.stringify(lines[0] ?? ''),
    '['.repeat(depth),
    '{"a":'.repeat(depth),
    `${'['.repeat(depth)}${']'.repeat(depth)}`,
    '"'.repeat(depth),
    '\ufeff{}',
  ])
  const text = random.chance(0.6) ? whole : broken
  const bytes = random.chance(0.9) ? Buffer.from(text) : noiseOf(random, random.int(0, 300))
  return random.chance(0.8) ? bytes : gzipSync(bytes)
}

const oddBody = (random: Random, authorization: string): Buffer => {
  const path = random.pick([
    '/v1/events',
    '/v3/status/message',
    '/v1/group/messages',
    '/v1/sessions',
  ])
  const body = bodyOf(random)
  const isPacked = body[0] === 0x1f && body[1] === 0x8b
  const encoding = isPacked !== random.chance(0.1) ? ['Content-Encoding: gzip'] : []
  const length = random.chance(0.9) ? body.length : random.int(0, body.length * 2)
  const first = `POST ${path} HTTP/1.1`
  const head = headOf(random, authorization, first, `Content-Length: ${length}`, ...encoding)
  return Buffer.concat([Buffer.from(head), body])
}

/** Whole, of good lines and bad ones. */
const oddEvents = (random: Random, authorization: string): Buffer => {
  const lineOf = () => (random.chance(0.7) ? eventOf(random) : objectOf(random, 3))
  const body = Array.from({ length: random.int(1, 8) }, lineOf).join('\n')
  const first = 'POST /v1/events HTTP/1.1'
  const length = `Content-Length: ${Buffer.byteLength(body)}`
  return Buffer.from(headOf(random, authorization, first, length) + body)
}

const noiseOf = (random: Random, length: number): Buffer =>
  Buffer.from(Uint8Array.from({ length }, () => random.int(0, 255)))

const pureNoise = (random: Random): Buffer => noiseOf(random, random.int(1, 400))

const changedBytes = (random: Random, authorization: string): Buffer => {
  let bytes = (random.chance(0.5) ? lawfulForm : oddBody)(random, authorization)
  for (let changes = random.int(1, 4); changes > 0; changes--) {
    const at = random.int(0, Math.max(0, bytes.length - 1))
    const to = Math.min(bytes.length, at + random.int(1, 40))
    const piece = bytes.subarray(at, to)
    const put = random.pick([noiseOf(random, random.int(0, 8)), Buffer.concat([piece, piece])])
    bytes = Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(random.pick([at, to]))])
  }
  return bytes
}
