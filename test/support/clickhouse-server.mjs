// ClickHouse's HTTP interface over chdb, as a process of its own: `PLACE DIR [lean]`. Queries, settings and
// parameters in the address or in parts of a form, gzip both ways, exceptions with their code. Its first
// line on stdout is its port. One user: tester, with the password secret.
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'

const [place = '', dir = '', pace = ''] = process.argv.slice(2)
const load = createRequire(join(place, 'package.json'))
const native = load(join(place, 'node_modules/chdb/dist/loader.js')).loadNative()

const [unpack, pack] = [promisify(gunzip), promisify(gzip)]
const authorization = `Basic ${Buffer.from('tester:secret').toString('base64')}`
const connectionsMax = 6
// As by default (http_max_field_value_size).
const fieldMax = 131_072
const notSettings = new Set(
  'query query_id database default_format session_id role user password compress wait_end_of_query'.split(
    ' ',
  ),
)
// What servers answer otherwise than by 500.
const statusOfCode = new Map([
  ...[27, 41, 46, 47, 53, 62, 115, 130, 456, 457].map((code) => [code, 400]),
  ...[60, 81].map((code) => [code, 404]),
  ...[193, 194, 516, 497].map((code) => [code, 403]),
])

// Small questions of tests pay for threads, compilers and profilers that they do not need.
const leanSettings = [
  ...['calculate_text_stack_trace', 'fsync_metadata', 'log_queries', 'compile_expressions'],
  ...[
    'compile_aggregate_expressions',
    'compile_sort_description',
    'query_profiler_real_time_period_ns',
  ],
  ...['query_profiler_cpu_time_period_ns', 'output_format_parallel_formatting'],
  ...['input_format_parallel_parsing', 'log_processors_profiles', 'memory_profiler_step'],
].map((name) => `${name} = 0`)
leanSettings.push('max_threads = 1', 'max_insert_threads = 1')

const idle = []
const waiting = []
let opened = 0
let connections = 0

// A connection runs one query at a time, and what was set on it stays set.
const openConnection = () => {
  connections += 1
  return { handle: native.CreateConnection(dir), file: `${dir}-rows-${connections}`, set: '' }
}

const take = async () => {
  if (idle.length > 0) return idle.pop()
  if (opened === connectionsMax) return new Promise((resolve) => waiting.push(resolve))
  opened += 1
  return openConnection()
}

const giveBack = (connection) => {
  const next = waiting.shift()
  if (next === undefined) idle.push(connection)
  else next(connection)
}

const quoted = (text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

/** The statements that make a connection one of this request. */
const preparation = (asked) => {
  const settings = pace === 'lean' ? [...leanSettings] : []
  const statements = [`USE ${'`'}${asked.get('database') || 'default'}${'`'}`]
  for (const [name, value] of asked) {
    if (name.startsWith('param_')) settings.push(`${name} = ${quoted(value)}`)
    else if (!notSettings.has(name)) settings.push(`${name} = ${quoted(value)}`)
  }
  if (settings.length > 0) statements.push(`SET ${settings.join(', ')}`)
  return statements.join('; ')
}

const isInsert = (query) => /^\s*insert\b/i.test(query)
const formatAtEnd = /\bformat\s+\w+\s*$/i

/** Runs an insert over a file of its rows: beside the statement two ends of line would end them. */
const insert = async ({ handle, file }, query, data) => {
  await writeFile(file, data)
  const fromFile = `FROM INFILE ${quoted(file)} COMPRESSION 'none'`
  const statement = query.replace(formatAtEnd, (format) => `${fromFile} ${format}`)
  return native.InsertRawAsyncConnection(handle, statement, Buffer.alloc(0), false)
}

const run = async (asked, query, data) => {
  const connection = await take()
  try {
    const before = preparation(asked)
    if (before !== connection.set) {
      await native.QueryAsyncConnection(connection.handle, before, 'Null')
      connection.set = before
    }
    const format = asked.get('default_format') ?? 'TabSeparated'
    const result =
      isInsert(query) && formatAtEnd.test(query)
        ? await insert(connection, query, data)
        : await native.QueryAsyncConnection(connection.handle, query, format)
    giveBack(connection)
    return result
  } catch (error) {
    // What an exception left in a connection would be read with the next answer.
    native.CloseConnection(connection.handle)
    giveBack(openConnection())
    throw error
  }
}

/** The parts of a form by name. */
const formOf = (type, body) => {
  const boundary = /boundary=(.+)$/.exec(type)?.[1]
  const parts = `\r\n${body}`.split(`\r\n--${boundary}`).slice(1, -1)
  return parts.map((part) => {
    const head = part.indexOf('\r\n\r\n')
    const name = /name="([^"]+)"/.exec(part.slice(0, head))?.[1] ?? ''
    const value = part.slice(head + 4)
    if (value.length > fieldMax && name !== 'query') throw new Error('Field value too long')
    return [name, value]
  })
}

const answer = async (request, response) => {
  const url = new URL(request.url, 'http://localhost')
  if (url.pathname === '/ping') return response.end('Ok.\n')
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const sent = Buffer.concat(chunks)
  const body = request.headers['content-encoding'] === 'gzip' ? await unpack(sent) : sent
  const type = request.headers['content-type'] ?? ''
  const form = type.startsWith('multipart/form-data') ? formOf(type, body) : []
  const asked = new Map([...url.searchParams, ...form])
  const query = asked.get('query') ?? body.toString()
  response.setHeader('X-ClickHouse-Query-Id', asked.get('query_id') ?? '')
  if (request.headers.authorization !== authorization) {
    throw new Error('Code: 516. DB::Exception: Authentication failed. (AUTHENTICATION_FAILED)')
  }
  const result = await run(asked, query, body)
  const { rowsRead = 0, bytesRead = 0, rowsWritten = 0, bytesWritten = 0, elapsed = 0 } = result
  const summary = {
    read_rows: `${rowsRead}`,
    read_bytes: `${bytesRead}`,
    written_rows: `${rowsWritten}`,
    written_bytes: `${bytesWritten}`,
    elapsed_ns: `${Math.round(elapsed * 1e9)}`,
  }
  response.setHeader('X-ClickHouse-Summary', JSON.stringify(summary))
  const bytes = Buffer.from(result.bytes ?? '')
  const packs = asked.get('enable_http_compression') === '1'
  if (packs && request.headers['accept-encoding']?.includes('gzip')) {
    response.setHeader('Content-Encoding', 'gzip')
    return response.end(await pack(bytes))
  }
  return response.end(bytes)
}

const refuse = (response, error) => {
  const code = Number(/^Code: (\d+)/.exec(error.message)?.[1] ?? 0)
  response.statusCode = statusOfCode.get(code) ?? 500
  response.setHeader('X-ClickHouse-Exception-Code', code)
  response.end(`${error.message}\n`)
}

const server = createServer({ maxHeaderSize: 2 ** 20 }, (request, response) => {
  answer(request, response).catch((error) => refuse(response, error))
})
server.keepAliveTimeout = 10_000

opened += 1
idle.push(openConnection())
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`))
// It ends with whoever started it.
process.stdin.resume().on('end', () => process.kill(process.pid, 'SIGKILL'))
