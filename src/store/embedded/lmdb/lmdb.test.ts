// What the embedded engine relies on in lmdb 3.5.6 (Linux), pinned so that an upgrade which changes
// it fails here: one thread reads, a worker thread alone writes, another process writes at times.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Worker } from 'node:worker_threads'
import { open, type RootDatabase, type RootDatabaseOptionsWithPath } from 'lmdb'
import { afterEach, beforeEach, expect, it } from 'vitest'

type Db = RootDatabase<Buffer, Buffer>

const options = {
  keyEncoding: 'binary',
  encoding: 'binary',
  overlappingSync: false,
  mapSize: 2 ** 40,
} as const

let path: string
let closers: (() => unknown)[]

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'lmdb-'))
  closers = []
})

afterEach(async () => {
  for (const close of closers.reverse()) await close()
  rmSync(path, { recursive: true })
})

const bytes = (text: string) => Buffer.from(text)

const openDb = (more: Partial<RootDatabaseOptionsWithPath> = {}): Db => {
  const db = open<Buffer, Buffer>({ ...options, path, ...more })
  closers.push(() => db.close())
  return db
}

const put = (db: Db, key: string, value: string | Buffer) =>
  db.transactionSync(() => {
    void db.put(bytes(key), Buffer.from(value))
  })

const read = (db: Db, key: string) => db.get(bytes(key))?.toString()

const prelude = `
  const { open } = require('lmdb')
  const put = (db, key, value) => db.transactionSync(() => { db.put(Buffer.from(key), value) })
`

/** A writer thread; a write puts `size` bytes of `text` under `key` in each of `times` commits. */
const startWriter = async () => {
  const code = `${prelude}
    const { parentPort, workerData } = require('node:worker_threads')
    const db = open(workerData.options)
    const commits = new Int32Array(workerData.shared)
    parentPort.on('message', async ({ key, text, size, times }) => {
      if (key === undefined) {
        await db.close()
        parentPort.close()
        return
      }
      for (let n = 0; n < times; n++) put(db, key, Buffer.alloc(size, text))
      Atomics.add(commits, 0, 1)
      Atomics.notify(commits, 0)
      parentPort.postMessage('done')
    })
    parentPort.postMessage('ready')`
  const shared = new SharedArrayBuffer(4)
  const commits = new Int32Array(shared)
  const worker = new Worker(code, {
    eval: true,
    workerData: { shared, options: { ...options, path } },
  })
  await once(worker, 'message')
  closers.push(async () => {
    const exit = once(worker, 'exit')
    worker.postMessage({})
    expect(await exit).toEqual([0])
  })
  const post = (key: string, text: string, size = text.length, times = 1) =>
    worker.postMessage({ key, text, size, times })
  return {
    write: async (...job: Parameters<typeof post>) => {
      post(...job)
      await once(worker, 'message')
    },
    /** Returns after the commit, without an event turn here. */
    writeSync: (...job: Parameters<typeof post>) => {
      const before = Atomics.load(commits, 0)
      post(...job)
      Atomics.wait(commits, 0, before)
    },
  }
}

/** Another process with `db` open at `path`; `line` gives what it prints next. */
const startProcess = (code: string) => {
  const opened = `const db = open(${JSON.stringify({ ...options, path })})`
  const child = spawn(process.execPath, ['-e', `${prelude}${opened}\n${code}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exit = once(child, 'exit')
  closers.push(() => child.kill('SIGKILL'))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    pid: child.pid,
    exit,
    line: async () => String((await lines.next()).value),
    kill: async () => {
      child.kill('SIGKILL')
      await exit
    },
  }
}

const forever = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)'

it('rolls everything back when the callback of transactionSync throws', () => {
  const db = openDb()
  put(db, 'old', 'before')
  const write = () => {
    void db.put(bytes('old'), bytes('after'))
    void db.put(bytes('new'), bytes('x'))
    expect(read(db, 'old')).toBe('after')
    throw new Error('no')
  }
  expect(() => db.transactionSync(write)).toThrow('no')
  expect([read(db, 'old'), read(db, 'new')]).toEqual(['before', undefined])
})

it('commits later when the callback returns the promise of put: use a block body', async () => {
  const db = openDb()
  const other = openDb()
  const result: unknown = db.transactionSync(() => db.put(bytes('a'), bytes('1')))
  expect(result).toBeInstanceOf(Promise)
  expect(read(other, 'a')).toBeUndefined()
  await result
  other.resetReadTxn()
  expect(read(other, 'a')).toBe('1')
})

it('finds in a range what the same transaction wrote and removed', () => {
  const db = openDb()
  put(db, 'a', '1')
  db.transactionSync(() => {
    db.putSync(bytes('b'), bytes('2'))
    db.removeSync(bytes('a'))
    expect([...db.getKeys()].map(String)).toEqual(['b'])
  })
  expect([...db.getKeys()].map(String)).toEqual(['b'])
})

it('runs a transaction that is not Sync when the write lock is free, holding nobody up', async () => {
  const db = openDb()
  put(db, 'a', '1')
  const other = startProcess(`db.transactionSync(() => { console.log('inside'); ${forever} })`)
  expect(await other.line()).toBe('inside')
  let ran = false
  const change = db.transaction(() => {
    ran = true
    db.putSync(bytes('a'), bytes(`${read(db, 'a')}+`))
  })
  expect([ran, read(db, 'a')]).toEqual([false, '1'])
  await other.kill()
  await change
  db.resetReadTxn()
  expect(read(db, 'a')).toBe('1+')
})

it('rejects when the callback of a transaction that is not Sync throws', async () => {
  const db = openDb()
  const failing = db.transaction(() => {
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  put(db, 'a', '1')
  expect(read(db, 'a')).toBe('1')
})

it('reads one snapshot until resetReadTxn, whatever the worker commits', async () => {
  const db = openDb()
  const writer = await startWriter()
  await writer.write('a', '1')
  db.resetReadTxn()
  expect(read(db, 'a')).toBe('1')
  writer.writeSync('a', '2')
  expect(read(db, 'a')).toBe('1')
  expect([...db.getRange()].map((entry) => String(entry.value))).toEqual(['1'])
  db.resetReadTxn()
  expect(read(db, 'a')).toBe('2')
})

it('sees each commit right after resetReadTxn, also across event turns', async () => {
  const db = openDb()
  const writer = await startWriter()
  for (let n = 0; n < 100; n++) {
    read(db, 'a')
    await writer.write('a', `${n}`)
    db.resetReadTxn()
    expect(read(db, 'a')).toBe(`${n}`)
  }
})

it('holds an explicit snapshot across event turns, from useReadTransaction to done', async () => {
  const db = openDb()
  const writer = await startWriter()
  await writer.write('a', '1')
  db.resetReadTxn()
  const transaction = db.useReadTransaction()
  await writer.write('a', '2')
  db.resetReadTxn()
  expect(read(db, 'a')).toBe('2')
  expect(String(db.get(bytes('a'), { transaction }))).toBe('1')
  expect([...db.getRange({ transaction })].map((entry) => String(entry.value))).toEqual(['1'])
  transaction.done()
})

it('keeps old pages for a synchronous reader, not for an idle one', async () => {
  const db = openDb()
  const writer = await startWriter()
  const megabytes = () => statSync(join(path, 'data.mdb')).size / 2 ** 20
  await writer.write('a', 'x', 2 ** 18)
  db.resetReadTxn()
  db.get(bytes('a'))
  await writer.write('a', 'y', 2 ** 18, 200)
  expect(megabytes()).toBeLessThan(10)
  db.resetReadTxn()
  db.get(bytes('a'))
  writer.writeSync('a', 'z', 2 ** 18, 200)
  expect(megabytes()).toBeGreaterThan(50)
})

it('hands out one shared buffer from getBinaryFast, longer underneath than its length', () => {
  const db = openDb()
  put(db, 'a', 'first')
  put(db, 'b', 'second one')
  const fast = db.getBinaryFast(bytes('a'))!
  expect([fast.length, fast.byteLength]).toEqual([5, 2 ** 24])
  // Not by subarray(), which takes the length from underneath on newer versions of Node.
  const exact = new Uint8Array(fast.buffer, fast.byteOffset, fast.length)
  expect(Buffer.from(exact).toString()).toBe('first')
  expect(db.getBinaryFast(bytes('none'))).toBeUndefined()
  expect(fast.toString('latin1', 0, 5)).toBe('first')
  const kept = db.get(bytes('a'))!
  expect(db.getBinaryFast(bytes('b'))).toBe(fast)
  expect(fast.toString('latin1', 0, 5)).toBe('secon')
  expect([kept.byteLength, kept.toString()]).toEqual([5, 'first'])
})

it('shares one environment between opens of a path and ignores the second map size', async () => {
  const first = openDb()
  const second = open<Buffer, Buffer>({ ...options, path, mapSize: 2 ** 30 })
  expect(second.getStats()).toMatchObject({ mapSize: 2 ** 40 })
  put(second, 'a', '1')
  await second.close()
  expect(() => second.get(bytes('a'))).toThrow('closed')
  expect(read(first, 'a')).toBe('1')
  put(first, 'a', '2')
  expect(read(first, 'a')).toBe('2')
})

it('may be closed here first while the worker still writes', async () => {
  const db = open<Buffer, Buffer>({ ...options, path })
  const writer = await startWriter()
  await db.close()
  await writer.write('a', '1')
  expect(read(openDb(), 'a')).toBe('1')
})

it('maps a tebibyte without a file of that size', () => {
  const db = openDb()
  put(db, 'a', '1')
  expect(db.getStats()).toMatchObject({ mapSize: 2 ** 40, pageSize: 4096 })
  expect(statSync(join(path, 'data.mdb')).size).toBeLessThan(2 ** 16)
})

it('sees the commit of another process after resetReadTxn', async () => {
  const db = openDb()
  put(db, 'a', '1')
  expect(read(db, 'a')).toBe('1')
  await startProcess(`put(db, 'a', Buffer.from('2')); db.close()`).exit
  db.resetReadTxn()
  expect(read(db, 'a')).toBe('2')
})

it('takes the write lock over from a process killed inside its transaction', async () => {
  const db = openDb()
  put(db, 'a', '1')
  const other = startProcess(`db.transactionSync(() => {
    db.put(Buffer.from('a'), Buffer.from('torn'))
    console.log('inside')
    ${forever}
  })`)
  expect(await other.line()).toBe('inside')
  await other.kill()
  put(db, 'b', '2')
  expect([read(db, 'a'), read(db, 'b')]).toEqual(['1', '2'])
})

it('has each reported commit after SIGKILL', async () => {
  let last = -1
  for (let round = 0; round < 3; round++) {
    const server = startProcess(`for (let n = ${last + 1}; ; n++) {
      put(db, 'n', Buffer.from(String(n)))
      require('node:fs').writeSync(1, n + '\\n')
    }`)
    for (let n = 0; n < 30; n++) last = Number(await server.line())
    await server.kill()
    const db = open<Buffer, Buffer>({ ...options, path })
    const found = Number(read(db, 'n'))
    expect(found).toBeGreaterThanOrEqual(last)
    last = found
    await db.close()
  }
})

it('lists readers by process and drops those of a dead one with readerCheck', async () => {
  const db = openDb()
  put(db, 'a', '1')
  expect(db.readerList()).toBe('(no active readers)\n')
  const other = startProcess(`db.useReadTransaction(); console.log('reads'); ${forever}`)
  expect(await other.line()).toBe('reads')
  expect(db.readerList()).toMatch(
    new RegExp(`^\\t\\tpid\\t\\t thread\\t\\t txnid\\n *${other.pid} `),
  )
  expect(db.readerCheck()).toBe(0)
  await other.kill()
  expect(db.readerCheck()).toBe(1)
})

it('orders binary keys by their bytes and keeps values byte for byte, also empty ones', () => {
  const db = openDb()
  const keys = ['00', '0000', '00ff', '7f', '80', '8000', 'ff', 'ff00'].map((hex) =>
    Buffer.from(hex, 'hex'),
  )
  db.transactionSync(() => {
    for (const key of keys.toReversed()) void db.put(key, key.subarray(1))
  })
  const found = [...db.getRange()]
  expect(found).toEqual(keys.map((key) => ({ key, value: key.subarray(1) })))
  expect(found.every(({ key, value }) => Buffer.isBuffer(key) && Buffer.isBuffer(value))).toBe(true)
  expect(db.get(keys[0]!)?.length).toBe(0)
  expect([...db.getKeys({ reverse: true })]).toEqual(keys.slice(1).toReversed())
})

it('takes keys of 1 to 1978 bytes and rolls back a transaction with another one', () => {
  const db = openDb()
  put(db, 'k'.repeat(1978), 'long')
  expect(read(db, 'k'.repeat(1978))).toBe('long')
  for (const [key, message] of [
    ['k'.repeat(1979), 'larger than the maximum key size (1978)'],
    ['', 'zero length key'],
  ] as const) {
    const write = () => {
      void db.put(bytes('a'), bytes('1'))
      void db.put(bytes(key), bytes('x'))
    }
    expect(() => db.transactionSync(write)).toThrow(message)
    expect(read(db, 'a')).toBeUndefined()
  }
})

it.each([
  [4096, 2005, 0],
  [4096, 2006, 1],
  [4096, 4072, 1],
  [4096, 4073, 2],
  [4096, 8168, 2],
  [4096, 8169, 3],
  [8192, 4064, 1],
  [8192, 8168, 1],
  [8192, 8169, 2],
])('pages of %i: a value of %i bytes under a key of 21 takes %i of its own', (...row) => {
  const [pageSize, size, overflowPages] = row
  const db = openDb({ pageSize })
  put(db, 'k'.repeat(21), Buffer.alloc(size))
  expect(db.getStats()).toMatchObject({ pageSize, overflowPages, treeLeafPageCount: 1 })
})
