// The three forms: exact text, every type, and whole in pieces of any size.
import { parquetReadObjects } from 'hyparquet'
import { describe, expect, it } from 'vitest'
import { FORMAT_NAMES, type Form, runExport } from './format.ts'
import type { Page, Table } from './table.ts'

interface Row {
  readonly id: string
  readonly name: string
  readonly size: number | null
  readonly day: number
}

const tableOf = (rows: readonly Row[], atOnce = rows.length): Table<Row> => ({
  columns: [
    { name: 'msg_id', type: 'id' },
    { name: 'name', type: 'text' },
    { name: 'a.size', type: 'count' },
    { name: 'day', type: 'day' },
  ],
  valuesOf: ({ id, name, size, day }) => [id, name, size, day],
  jsonOf: (row) => JSON.stringify(row),
  async *pages(): AsyncGenerator<Page<Row>> {
    for (let from = 0; from < rows.length; from += atOnce) {
      yield { rows: rows.slice(from, from + atOnce), part: undefined }
    }
  },
})

const written = async (table: Table<Row>, format: Form, stop?: AbortSignal) => {
  const pieces: Buffer[] = []
  let most = 0
  const exported = await runExport(
    table,
    format,
    {
      write: async (bytes) => {
        most = Math.max(most, bytes.length)
        pieces.push(Buffer.from(bytes))
      },
    },
    { onRows: () => {}, stop: stop ?? new AbortController().signal },
  )
  return { bytes: Buffer.concat(pieces), rows: exported?.rows, most }
}

/** Parquet reads a whole buffer of its own. */
const objectsIn = (bytes: Buffer) => parquetReadObjects({ file: Uint8Array.from(bytes).buffer })

const rows: readonly Row[] = [
  { id: '9223372036854775807', name: 'plain', size: 3, day: 19_000 },
  { id: '1', name: 'a,b', size: null, day: 19_001 },
  { id: '2', name: 'say "x"', size: 0, day: 0 },
  { id: '3', name: ' blank\t', size: 5_000_000_000, day: 19_001 },
  { id: '4', name: '推送 🙂', size: 1, day: 19_001 },
]

describe('an export', () => {
  it('as CSV quotes where it must, and leaves empty what has no data', async () => {
    const { bytes } = await written(tableOf(rows), 'csv')
    expect(bytes.toString()).toBe(
      [
        'msg_id,name,a.size,day',
        '9223372036854775807,plain,3,2022-01-08',
        '1,"a,b",,2022-01-09',
        '2,"say ""x""",0,1970-01-01',
        '3," blank\t",5000000000,2022-01-09',
        '4,推送 🙂,1,2022-01-09',
        '',
      ].join('\n'),
    )
  })

  it('as CSV for a spreadsheet guards texts and ids, and nothing that is meant to be read', async () => {
    const ids = ['02078012345', '1104e000012', 'phone-1', '=1+1', 'a,1']
    const odd = ids.map(
      (name, i): Row => ({ id: String(10 ** (i * 4)), name, size: i, day: 19_000 }),
    )
    const { bytes } = await written(tableOf(odd), 'spreadsheet')
    expect(bytes.toString()).toBe(
      [
        '\uFEFFmsg_id,name,a.size,day',
        "1,'02078012345,0,2022-01-08",
        "10000,'1104e000012,1,2022-01-08",
        '100000000,phone-1,2,2022-01-08',
        "'1000000000000,'=1+1,3,2022-01-08",
        '\'10000000000000000,"a,1",4,2022-01-08',
        '',
      ].join('\r\n'),
    )
  })

  it('as NDJSON is an object a line', async () => {
    const { bytes } = await written(tableOf(rows), 'ndjson')
    const lines = bytes.toString().trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toEqual(rows)
  })

  it('as Parquet keeps every type', async () => {
    const { bytes } = await written(tableOf(rows), 'parquet')
    expect(await objectsIn(bytes)).toEqual(
      rows.map(({ id, name, size, day }) => ({
        msg_id: BigInt(id),
        name,
        'a.size': size === null ? null : BigInt(size),
        day: new Date(day * 86_400_000),
      })),
    )
  })

  it('of nothing is whole in every form', async () => {
    for (const format of FORMAT_NAMES) {
      const { bytes, rows: count } = await written(tableOf([]), format)
      expect(count).toBe(0)
      if (format === 'csv') expect(bytes.toString()).toBe('msg_id,name,a.size,day\n')
      if (format === 'ndjson') expect(bytes.length).toBe(0)
      if (format === 'parquet') expect(await objectsIn(bytes)).toEqual([])
    }
  })

  it('of many rows leaves in pieces, and is the same whatever the pages', async () => {
    const many = Array.from({ length: 150_000 }, (_, i): Row => {
      return { id: String(i + 1), name: `device-${i}`, size: i % 3 || null, day: i % 7 }
    })
    for (const format of FORMAT_NAMES) {
      const small = await written(tableOf(many, 1_000), format)
      const large = await written(tableOf(many, 7_001), format)
      expect(small.bytes.equals(large.bytes) || format).toBe(true)
      expect(small.most).toBeLessThan(small.bytes.length / 2)
      if (format !== 'parquet') continue
      const back = await objectsIn(small.bytes)
      expect(back.length).toBe(many.length)
      expect(back[70_000]).toMatchObject({ msg_id: 70_001n, name: 'device-70000' })
    }
  })

  it('stops before its next page, and says so', async () => {
    const stop = new AbortController()
    stop.abort()
    expect((await written(tableOf(rows), 'csv', stop.signal)).rows).toBeUndefined()
  })
})
