// Makes calls of the official clients as told: a call a line on stdin (package, api, style, key,
// secret, method, args), what came of it a line on stdout.

const { createInterface } = require('node:readline')

const clientOf = (call) => {
  const loaded = require(call.package)
  const api = call.api === undefined ? loaded : loaded[call.api]
  return api.buildClient({ appKey: call.key, masterSecret: call.secret, isDebug: false })
}

const byCallback = (client, { method, args }) =>
  new Promise((resolve, reject) => {
    client[method](...args, (error, result) => (error ? reject(error) : resolve(result)))
  })

const resultOf = async (call) => {
  const client = clientOf(call)
  return call.style === 'callback'
    ? await byCallback(client, call)
    : await client[call.method](...call.args)
}

// Errors of the clients carry what they know in members that JSON takes over.
const toldOf = ({ name, message, httpCode, response }) => ({ name, message, httpCode, response })

const answerTo = async (call) => {
  try {
    const result = await resultOf(call)
    // One method of the promise API never rejects.
    return result?.err ? { error: toldOf(result.err) } : { result }
  } catch (error) {
    return { error: toldOf(error) }
  }
}

createInterface({ input: process.stdin }).on('line', async (line) => {
  const { id, ...call } = JSON.parse(line)
  process.stdout.write(`${JSON.stringify({ id, ...(await answerTo(call)) })}\n`)
})
