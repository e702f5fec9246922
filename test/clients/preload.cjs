// Loaded before a client: what it sends to *.jpush.cn by TLS goes to the server under test instead, in
// plain HTTP. The clients' own code stays as it was published.

const http = require('node:http')
const https = require('node:https')

const port = Number(process.env.REPORT_PORT)
const { request } = https

https.request = (options, ...rest) => {
  const host = String(options.hostname ?? options.host ?? '')
  if (!host.endsWith('.jpush.cn')) return request(options, ...rest)
  const there = { protocol: 'http:', host: '127.0.0.1', hostname: '127.0.0.1', port }
  return http.request({ ...options, ...there, agent: undefined }, ...rest)
}
