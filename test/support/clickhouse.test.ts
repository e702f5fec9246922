// The ClickHouse of the tests is one: the official client finds its queries, parameters, settings,
// compression and exceptions as those of any server.
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import {
  type ClickHouseClient,
  ClickHouseError,
  ClickHouseLogLevel,
  createClient,
} from '@clickhouse/client'
import { describe, expect, it, onTestFinished } from 'vitest'
import { clickHouseOfFile, noClickHouse } from './clickhouse.ts'

const found = clickHouseOfFile()
const clientOf = (more: object = {}): ClickHouseClient => {
  const compression = { request: true, response: true }
  const url = new URL(found().url)
  if ('password' in more) url.password = ''
  const log = { level: ClickHouseLogLevel.OFF }
  const client = createClient({ url: url.href, compression, log, ...more })
  onTestFinished(() => client.close())
  return client
}

describe.skipIf(noClickHouse !== undefined)('ClickHouse for tests', () => {
  it('answers with settings and parameters, packed', async () => {
    const texts = ['__proto__', "a\\b'c", '"', 'x'.repeat(9_000), '\u{1f600}']
    const result = await clientOf({ use_multipart_params_auto: true }).query({
      query:
        'SELECT toString({id:UInt64}) AS id, toUInt64(1) AS one, {texts:Array(String)} AS texts',
      query_params: { id: 18_446_744_073_709_551_615n, texts },
      clickhouse_settings: { output_format_json_quote_64bit_integers: 1 },
      format: 'JSONEachRow',
    })
    expect(await result.json()).toEqual([{ id: '18446744073709551615', one: '1', texts }])
  })

  it('takes rows as bytes, packed, and tells how many', async () => {
    const { address, drop } = await found().database()
    onTestFinished(drop)
    const client = clientOf({ database: address.database })
    await client.command({
      query: 'CREATE TABLE t (a UInt8, b String) ENGINE = MergeTree ORDER BY a',
    })
    const query = 'INSERT INTO t (a, b) FORMAT RowBinary'
    const rows = Buffer.concat(
      ['x\n;', ' '].map((b, a) => Buffer.from(`${String.fromCharCode(a, b.length)}${b}`)),
    )
    const { stream, summary } = await client.exec({
      query,
      values: Readable.from([rows], { objectMode: false }),
    })
    stream.resume()
    expect(summary?.written_rows).toBe('2')
    const own = createClient({ url: found().url.href, database: address.database })
    onTestFinished(() => own.close())
    const values = Readable.from([gzipSync(rows)], { objectMode: false })
    await own.exec({ query, values, http_headers: { 'Content-Encoding': 'gzip' } })
    const result = await client.query({
      query: 'SELECT * FROM t ORDER BY a',
      format: 'JSONEachRow',
    })
    const [first, second] = [
      { a: 0, b: 'x\n;' },
      { a: 1, b: ' ' },
    ]
    expect(await result.json()).toEqual([first, first, second, second])
  })

  it.each([
    ['SELECT nothing', {}, '47'],
    ['SELECT * FROM nowhere', {}, '60'],
    ['SELECT 1', { database: 'nowhere' }, '81'],
    ['SELECT throwIf(number > 100000) FROM numbers(1000000)', {}, '395'],
    ['SELECT 1', { password: 'wrong' }, '516'],
  ])('refuses with a code: %s', async (query, more, code) => {
    const refused = clientOf(more)
      .query({ query })
      .then((result) => result.text())
    await expect(refused).rejects.toBeInstanceOf(ClickHouseError)
    await expect(refused).rejects.toMatchObject({ code })
    expect(await clientOf().ping()).toEqual({ success: true })
    expect(
      await (await clientOf().query({ query: 'SELECT 1', format: 'TabSeparated' })).text(),
    ).toBe('1\n')
  })
})
