// The built server speaking TLS: whom it answers, how its certificate is read anew, and which files it
// refuses. Certificates come from a throw-away authority.
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Authority, openAuthority } from '../support/authority.ts'
import { type Server, workplace } from '../support/program.ts'
import { request, talk, talkAndEnd } from '../support/raw.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { until } from '../support/until.ts'

const { path: dir, remove } = makeTempDir()
let authority: Authority
let files: { cert: string; key: string }
let other: { cert: string; key: string }

beforeAll(() => {
  authority = openAuthority(dir)
  files = authority.issue('one', 'IP:127.0.0.1')
  other = authority.issue('two', 'IP:127.0.0.1')
})
afterAll(remove)

const flagsOf = ({ cert, key }: typeof files) => ['--tls-cert', cert, '--tls-key', key]
const trusting = (port: number): TLSSocket =>
  connectTls({ port, host: '127.0.0.1', ca: readFileSync(authority.cert) })

const serialOf = (server: Server): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = trusting(server.port)
    socket.once('error', reject)
    socket.once('secureConnect', () => {
      resolve(socket.getPeerCertificate().serialNumber)
      socket.destroy()
    })
  })

const host = 'Host: report.jpush.cn'
const healthy = request('GET /healthz HTTP/1.1', host)

describe('a server with a certificate', () => {
  it('speaks TLS only, mends raw blanks there too, and stops', async () => {
    const server = await workplace().serve(flagsOf(files))
    expect(server.url).toMatch(/^https:\/\/127\.0\.0\.1:/)
    const java = request('GET /v3/received?msg_ids=1, 2 HTTP/1.1', host)
    const script = [healthy, 1, java.slice(0, 30), 1, java.slice(30), 2, 'hello\r\n\r\n', 3]
    const { answers } = await talk(server.port, script, trusting)
    expect(answers.map(({ status }) => status)).toEqual([200, 401, 400])
    for (const { body } of answers.slice(1)) expect(body).toContain('{"error":{"code":')
    expect(await talk(server.port, [healthy])).toMatchObject({ hungUp: true, packets: [] })
    const { code, stderr } = await server.stop()
    expect(code).toBe(0)
    expect(stderr).not.toMatch(/warn|rror/)
  })

  it('answers those who have ended their own side of the connection', async () => {
    const server = await workplace().serve(flagsOf(files))
    const java = request('GET /v3/received?msg_ids=1, 2 HTTP/1.1', host)
    const answers = await talkAndEnd(server.port, healthy + java.repeat(9) + healthy, trusting)
    expect(answers.map(({ status }) => status)).toEqual([200, ...Array(9).fill(401), 200])
    // Without TLS: this one leaves before the handshake, and is let go at once.
    expect(await talkAndEnd(server.port, '')).toEqual([])
    expect((await server.stop()).code).toBe(0)
  })

  it('speaks HTTP/1.1 with those who offer HTTP/2 too, as PHP and Go do', async () => {
    const server = await workplace().serve(flagsOf(files))
    const ca = readFileSync(authority.cert)
    const ALPNProtocols = ['h2', 'http/1.1']
    const offering = (port: number) => connectTls({ port, host: '127.0.0.1', ca, ALPNProtocols })
    const { answers } = await talk(server.port, [healthy, 1, healthy, 2], offering)
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
  })

  it('lets people log in by a cookie that never leaves without TLS', async () => {
    const place = workplace()
    const { key, secret } = await place.createApp('shop')
    const server = await place.serve(flagsOf(files))
    const body = JSON.stringify({ key, secret })
    const head = request('POST /v1/sessions HTTP/1.1', host, `Content-Length: ${body.length}`)
    const { answers } = await talk(server.port, [head + body, 1], trusting)
    expect(answers[0]?.status).toBe(200)
    expect(answers[0]?.headers['set-cookie']).toMatch(/^pushledger_session_.*; Secure$/)
  })

  it('is asked by the command line, which trusts whom Node trusts', async () => {
    const place = workplace()
    const { key, secret } = await place.createApp('shop')
    const { url } = await place.serve(flagsOf(files))
    const report = ['report', 'received', '1', '--url', url, '--key', key, '--json']
    const variables = { PUSHLEDGER_SECRET: secret }
    const trusts = { ...variables, NODE_EXTRA_CA_CERTS: authority.cert }
    const answered = await place.run(report, trusts)
    expect(answered.stderr).toBe('')
    expect(JSON.parse(answered.stdout)).toMatchObject([{ msg_id: '1', android_received: null }])
    const refused = await place.run(report, variables)
    expect(refused.code).toBe(1)
    expect(refused.stderr).toMatch(/^[^\n]*certificate[^\n]*\n$/)
  })

  it('reads it anew on SIGHUP, and keeps the old one where the new one is no use', async () => {
    const place = workplace()
    const live = { cert: `${place.dir}/live.crt`, key: `${place.dir}/live.key` }
    const put = (from: typeof files) => {
      copyFileSync(from.cert, live.cert)
      copyFileSync(from.key, live.key)
    }
    put(files)
    const server = await place.serve(flagsOf(live))
    const first = await serialOf(server)
    put(other)
    expect(await serialOf(server)).toBe(first)
    process.kill(server.pid, 'SIGHUP')
    await until('the new certificate is shown', async () => (await serialOf(server)) !== first)
    const second = await serialOf(server)

    writeFileSync(live.cert, 'nothing')
    process.kill(server.pid, 'SIGHUP')
    await until('the log tells', () => /"err".*the old one stays/.test(server.stderr()))
    expect(await serialOf(server)).toBe(second)
    copyFileSync(files.cert, live.cert)
    process.kill(server.pid, 'SIGHUP')
    await until('the log tells again', () => server.stderr().match(/old one stays/g)?.length === 2)
    expect(await serialOf(server)).toBe(second)
    expect((await server.stop()).code).toBe(0)
  })
})

describe('files that are no use are refused in one sentence', () => {
  const missing = '/nowhere/x.pem'
  it.each([
    ['a certificate alone', () => ['--tls-cert', files.cert], 2, /go together/],
    ['a key alone', () => ['--tls-key', files.key], 2, /go together/],
    ['a missing file', () => flagsOf({ ...files, cert: missing }), 1, /nowhere.*cannot be read/],
    ['no certificate', () => flagsOf({ ...files, cert: files.key }), 1, /no certificate in PEM/],
    ['no key', () => flagsOf({ ...files, key: files.cert }), 1, /no unencrypted private key/],
    ['of two pairs', () => flagsOf({ ...files, key: other.key }), 1, /no unencrypted private key/],
  ])('%s', async (_, flags, code, says) => {
    const ended = await workplace().run(['serve', '--port', '0', ...flags()])
    expect(ended.code).toBe(code)
    expect(ended.stderr).toMatch(/^[^\n]+\n$/)
    expect(ended.stderr).toMatch(says)
  })
})

it('warns where secrets would leave the machine unencrypted', async () => {
  // An address of documentation, which no machine has: the warning comes before it is refused.
  const elsewhere = ['serve', '--port', '0', '--host', '192.0.2.1']
  const plain = await workplace().run(elsewhere)
  expect(plain.stderr.match(/"level":40/g)).toHaveLength(1)
  expect(plain.stderr).toContain('unencrypted')
  const encrypted = await workplace().run([...elsewhere, ...flagsOf(files)])
  expect(encrypted.stderr).not.toContain('unencrypted')
})
