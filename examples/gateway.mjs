// A push gateway in miniature, for Node: tells pushledger what happened to a push, and tells it again
// until it is answered. Telling twice changes nothing, so there is nothing to remember.
const url = process.env.PUSHLEDGER_URL ?? 'http://127.0.0.1:8787'
const token = process.env.PUSHLEDGER_TOKEN
const msgId = '18101211308815829'

const tell = async (events) => {
  const body = events.map((event) => JSON.stringify(event)).join('\n')
  const headers = { authorization: `Bearer ${token}` }
  for (let waitSeconds = 1; ; waitSeconds = Math.min(waitSeconds * 2, 60)) {
    const answer = await fetch(`${url}/v1/events`, { method: 'POST', headers, body }).catch(
      () => {},
    )
    // 503: too much at once, or the disk is full. No answer: the server is being restarted.
    if (answer !== undefined && answer.status !== 503) return answer.json()
    await new Promise((resolve) => setTimeout(resolve, waitSeconds * 1000))
  }
}

// Every event carries its time: a repeat is then known for what it is.
const time = new Date().toISOString()
const push = { msg_id: msgId, platform: 'android', time }

const summary = await tell([
  { ...push, type: 'target', registration_ids: ['phone-1', 'phone-2', 'phone-3'] },
  { ...push, type: 'sent', channel: 'xm', registration_ids: ['phone-1', 'phone-2'] },
  { ...push, type: 'received', channel: 'xm', registration_id: 'phone-1' },
  { ...push, type: 'click', channel: 'xm', registration_id: 'phone-1' },
])

console.log(JSON.stringify(summary))
for (const { line, code, message } of summary.errors ?? []) {
  console.error(`line ${line} was refused (${code}): ${message}`)
}
process.exitCode = summary.refused === 0 ? 0 : 1
