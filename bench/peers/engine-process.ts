// The child process in which an engine lives while it is measured: does what its parent orders, one
// order at a time. Started by in-process.ts.
import { clickhouse } from './clickhouse.ts'
import { duckdb } from './duckdb.ts'
import type { Engine, Order, Reply } from './engine.ts'

const kinds = [clickhouse, duckdb]
const tellings: (() => Promise<void>)[] = []
let engine: Engine | undefined

const opened = (): Engine => {
  if (engine === undefined) throw new Error('not opened')
  return engine
}

const obey = async (order: Order): Promise<number> => {
  switch (order.verb) {
    case 'open':
      engine = await kinds.find(({ name }) => name === order.name)?.open(order.dir)
      return 0
    case 'prepare':
      return tellings.push(opened().prepare(order.files))
    case 'tell':
      await tellings[order.part]?.()
      return 0
    case 'ask':
      return opened().ask(order.sql)
    case 'close':
      return opened().close()
  }
}

process.on('message', async (order: Order) => {
  let reply: Reply
  try {
    reply = { number: await obey(order) }
  } catch (error) {
    reply = { error: String(error) }
  }
  process.send?.(reply)
})
