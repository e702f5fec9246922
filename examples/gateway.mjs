// A push gateway in miniature, for Node. Events wait in an outbox until pushledger has stored them: a batch
// is sent again after a 429, 502, 503 or 504, an answer that is not pushledger's, or no answer. Sending a batch
// twice changes nothing, because every event carries its time. What cannot be sent when the gateway ends,
// or finds no room in the outbox, goes to a file; send it later with: pushledger import unsent.ndjson
import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const url = process.env.PUSHLEDGER_URL ?? 'http://127.0.0.1:8787'
const headers = { authorization: `Bearer ${process.env.PUSHLEDGER_TOKEN}` }
const unsentFile = 'unsent.ndjson'
const outboxMax = 100_000
const firstWaitMs = 100
const longestWaitMs = 60_000
const passing = [0, 429, 502, 503, 504]

const outbox = []
let batchMax = 1000
const stop = new AbortController()
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => stop.abort())

const setAside = (lines) => {
  if (lines.length === 0) return
  appendFileSync(unsentFile, `${lines.join('\n')}\n`)
  console.error(`${lines.length} events were not sent: pushledger import ${unsentFile}`)
  process.exitCode = 1
}

const tell = (events) => {
  const lines = events.map((event) => JSON.stringify(event))
  const room = outboxMax - outbox.length
  for (const line of lines.slice(0, room)) outbox.push(line)
  setAside(lines.slice(room))
}

const post = async (body) => {
  try {
    const signal = AbortSignal.timeout(60_000)
    const request = { method: 'POST', headers, body, redirect: 'manual', signal }
    const answer = await fetch(`${url}/v1/events`, request)
    const retryAfter = answer.headers.get('retry-after')
    return { status: answer.status, retryAfter, text: await answer.text() }
  } catch (error) {
    return { status: 0, text: String(error.cause ?? error) }
  }
}

/** What pushledger says of a batch; undefined where something else answered, like a proxy's page. */
const summaryOf = (text) => {
  try {
    const summary = JSON.parse(text)
    return Array.isArray(summary.errors) ? summary : undefined
  } catch {
    return undefined
  }
}

/** Retry-After is a number of seconds, or a date. */
const waitMsOf = (retryAfter, tries) => {
  const growingMs = Math.min(firstWaitMs * 2 ** tries, longestWaitMs) * (0.75 + Math.random() / 2)
  const askedMs = /^\d+$/.test(retryAfter ?? '')
    ? Number(retryAfter) * 1000
    : Date.parse(retryAfter) - Date.now()
  return Math.max(growingMs, askedMs || 0)
}

/** Sends one batch until it is answered; undefined where it is too large. Throws where that is in vain. */
const send = async (lines) => {
  for (let tries = 0; ; tries++) {
    const { status, retryAfter, text } = await post(lines.join('\n'))
    const summary = summaryOf(text)
    if (summary !== undefined) return summary
    if (status === 413 && lines.length > 1) return undefined
    const isPassing = passing.includes(status) || status === 200
    if (!isPassing) throw new Error(`pushledger answers ${status}: ${text.slice(0, 200)}`)
    const waitMs = waitMsOf(retryAfter, tries)
    console.error(`no answer yet (${status || text}): again in ${Math.round(waitMs)} ms`)
    await sleep(waitMs, undefined, { signal: stop.signal })
  }
}

const flush = async () => {
  while (outbox.length > 0) {
    const lines = outbox.slice(0, batchMax)
    const summary = await send(lines)
    if (summary === undefined) {
      // Larger than the server's --body-bytes-max.
      batchMax = Math.ceil(lines.length / 2)
      continue
    }
    outbox.splice(0, lines.length)
    console.log(JSON.stringify(summary))
    for (const { line, code, message } of summary.errors) {
      console.error(`line ${line} was refused (${code}): ${message}`)
      process.exitCode = 1
    }
  }
}

const push = {
  msg_id: '18101211308815829',
  platform: 'android',
  time: new Date().toISOString(),
}
tell([
  { ...push, type: 'target', registration_ids: ['phone-1', 'phone-2', 'phone-3'] },
  { ...push, type: 'sent', channel: 'xm', registration_ids: ['phone-1', 'phone-2'] },
  { ...push, type: 'received', channel: 'xm', registration_id: 'phone-1' },
  { ...push, type: 'click', channel: 'xm', registration_id: 'phone-1' },
])

try {
  await flush()
} catch (error) {
  if (!stop.signal.aborted) console.error(error.message)
} finally {
  setAside(outbox)
}
