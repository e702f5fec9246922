// What `pushledger import` does with a long file on this machine: whole, and again to a fresh server,
// killed and stopped on its way. Prints lines a second and the most memory of its own of both sides, and compares
// what the two servers answer. BENCH_LINES makes it smaller.
import { type ChildProcess, spawn } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createLedger, type Ledger, type MeasuredServer, withConnections } from './server.ts'
import { requestOf } from './wire/connection.ts'
import { anonymousBytes } from './wire/process.ts'
import { deviceId } from './world/device.ts'

const program = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))
const lines = Number(process.env['BENCH_LINES'] ?? 10_000_000)
const devices = 1_000_000
const linesAtOnce = 50_000
const sampleEveryMs = 200

const messageOf = (i: number): number => 18_101_211_308_815_000 + Math.floor(i / (2 * devices))

/** Each message is sent to every device, and received by it, in an order that jumps about. */
const lineOf = (i: number, atMs: number): string => {
  const type = Math.floor(i / devices) % 2 === 0 ? 'target' : 'received'
  const device = deviceId((i * 7_919) % devices)
  return `{"type":"${type}","msg_id":${messageOf(i)},"platform":"android","channel":"jpush","registration_id":"${device}","time":${atMs}}\n`
}

const writeFile = (path: string): void => {
  const file = openSync(path, 'w')
  const atMs = Date.now()
  for (let from = 0; from < lines; from += linesAtOnce) {
    const some: string[] = []
    for (let i = from; i < Math.min(lines, from + linesAtOnce); i++) some.push(lineOf(i, atMs))
    writeSync(file, some.join(''))
  }
  closeSync(file)
}

interface Place {
  readonly ledger: Ledger
  readonly server: MeasuredServer
}

interface Ended {
  readonly code: number | null
  readonly linesNow: number
  readonly seconds: number
  readonly mostBytes: number
  readonly mostServerBytes: number
}

/** Runs import until it ends, or until so many lines are answered, when it gets the signal. */
const importOnce = async (
  { ledger, server }: Place,
  file: string,
  cut?: { readonly atLine: number; readonly signal: 'SIGKILL' | 'SIGINT' },
): Promise<Ended> => {
  const [key = '', secret = ''] = atob(ledger.authorizations[0]?.replace('Basic ', '') ?? '').split(
    ':',
  )
  const flags = ['--url', server.url, '--key', key, '--secret', secret, '--quiet', '--json']
  const began = performance.now()
  const child = spawn(process.execPath, [program, 'import', file, ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString()
  })
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const most = await watch(child, server, () => {
    if (cut !== undefined && linesKept(file) >= cut.atLine) child.kill(cut.signal)
  })
  await closed
  const seconds = (performance.now() - began) / 1000
  if (child.exitCode === 1) throw new Error('the import failed')
  const summary = JSON.parse(printed || '{}') as { lines_now?: number }
  return { code: child.exitCode, linesNow: summary.lines_now ?? 0, seconds, ...most }
}

/** Samples the memory of both until the child ends. */
const watch = async (child: ChildProcess, server: MeasuredServer, onSample: () => void) => {
  let mostBytes = 0
  let mostServerBytes = 0
  while (child.exitCode === null && child.signalCode === null) {
    mostBytes = Math.max(mostBytes, anonymousBytes(child.pid ?? 0))
    mostServerBytes = Math.max(mostServerBytes, anonymousBytes(server.pid))
    onSample()
    await new Promise((resolve) => setTimeout(resolve, sampleEveryMs))
  }
  return { mostBytes, mostServerBytes }
}

const linesKept = (file: string): number => {
  const path = `${file}.pushledger-import`
  if (!existsSync(path)) return 0
  return (JSON.parse(readFileSync(path, 'utf8')) as { place: { lines: number } }).place.lines
}

const answersOf = async ({ ledger, server }: Place): Promise<string> => {
  const ids = Array.from({ length: Math.ceil(lines / (2 * devices)) }, (_, i) =>
    messageOf(i * 2 * devices),
  )
  const path = `/v3/messages/detail?msg_ids=${ids.join()}`
  return withConnections(server.url, 1, async ([connection]) => {
    const answer = await connection?.exchange(requestOf(path, ledger.authorizations[0] ?? ''))
    return String(answer?.body)
  })
}

const show = (
  what: string,
  { code, linesNow, seconds, mostBytes, mostServerBytes }: Ended,
): void => {
  const rate = linesNow === 0 ? '' : Math.round(linesNow / seconds).toLocaleString('en')
  const mebibytes = (bytes: number) => String(Math.round(bytes / 2 ** 20))
  const cells = [what, code ?? 'killed', linesNow.toLocaleString('en'), seconds.toFixed(1), rate]
  console.log(`| ${[...cells, mebibytes(mostBytes), mebibytes(mostServerBytes)].join(' | ')} |`)
}

const dir = mkdtempSync(join(tmpdir(), 'pushledger-bench-'))
const places: Place[] = []
const start = async (): Promise<Place> => {
  const ledger = createLedger(1)
  const place = { ledger, server: await ledger.serve() }
  places.push(place)
  return place
}
const stop = async (place: Place | undefined): Promise<void> => {
  await place?.server.stop()
  place?.ledger.remove()
}
try {
  const file = join(dir, 'events.ndjson')
  writeFile(file)
  const size = (statSync(file).size / 2 ** 20).toFixed(0)
  console.log(`Node ${process.version}, ${lines.toLocaleString('en')} lines, ${size} MiB\n`)
  console.log(
    '| import | exit | lines now | seconds | lines/s | most MiB | most MiB of the server |',
  )
  console.log('| --- | --- | --- | --- | --- | --- | --- |')
  const whole = await start()
  show('whole', await importOnce(whole, file))
  const expected = await answersOf(whole)
  await stop(places.pop())
  const broken = await start()
  const kill = { atLine: lines * 0.3, signal: 'SIGKILL' } as const
  show('killed after 30 %', await importOnce(broken, file, kill))
  const interrupt = { atLine: lines * 0.6, signal: 'SIGINT' } as const
  show('gone on, stopped after 60 %', await importOnce(broken, file, interrupt))
  show('gone on to the end', await importOnce(broken, file))
  const isSame = (await answersOf(broken)) === expected
  console.log(
    `\nThe answers are ${isSame ? 'the same' : 'NOT THE SAME'}: ${expected.slice(0, 90)}…`,
  )
  if (!isSame) process.exitCode = 1
} finally {
  for (const place of places) await stop(place)
  rmSync(dir, { recursive: true })
}
