// This server over ClickHouse, and beside it the same rows put into the same tables without it: what the
// server costs, and what ClickHouse does.
import { openRows } from '../../src/store/clickhouse/rows.ts'
import { type ClickHousePlace, distinctIn, openClickHousePlace } from '../clickhouse/place.ts'
import { createLedger } from '../server.ts'
import { deviceId } from '../world/device.ts'
import { cut, receivedCells, type Table } from '../world/table.ts'
import { type Peer, share } from './peer.ts'
import { missingPackage } from './place.ts'
import { run } from './pushledger.ts'

export const pushledgerOverClickHouse: Peer = {
  name: 'pushledger-clickhouse',
  use: 'this server with --store, over ClickHouse (chdb) behind its HTTP interface; bodies of 10,000 facts',
  missing: () => missingPackage('chdb'),
  async start(world) {
    const place = await openClickHousePlace()
    const ledger = createLedger(world.apps, place.store)
    const server = await ledger.serve()
    const { close, ...running } = await run(world, server, ledger.authorizations)
    return {
      ...running,
      pids: () => [server.pid, place.pid],
      distinct: () => distinctIn(place),
      async stop() {
        close()
        await server.stop()
        ledger.remove()
        return weighAndStop(place)
      },
    }
  },
}

const weighAndStop = async (place: ClickHousePlace): Promise<number> => {
  const bytes = await place.weigh()
  await place.stop()
  return bytes
}

const rowsAtOnce = 100_000
const inFlight = 2

/** The rows of facts and of their devices, as the server writes them. */
const batchOf = (table: Table) => {
  const [facts, members] = [openRows(), openRows()]
  for (let i = 0; i < table.length; i++) {
    const device = deviceId(table.device[i] as number)
    facts.u32(table.app[i] as number)
    facts.u64(table.msg[i] as bigint)
    facts.u32(0)
    facts.u8(table.cell[i] as number)
    facts.i32(Math.floor((table.atMs[i] as number) / 3_600_000))
    facts.text(device)
    facts.end()
    members.u32(table.app[i] as number)
    members.text(device)
    members.end()
  }
  return { facts: facts.taken(), members: members.taken() }
}

export const clickHouseRows: Peer = {
  name: 'clickhouse-rows',
  use: 'the same rows into the same tables, RowBinary over HTTP, 100,000 facts an insert, two at a time',
  missing: () => missingPackage('chdb'),
  async start() {
    const place = await openClickHousePlace()
    const { connection } = place
    return {
      pids: () => [place.pid],
      prepare: async (world) =>
        world.parts.map(({ table }) => {
          const batches = cut(table, rowsAtOnce).map(batchOf)
          const hands = Array.from({ length: inFlight }, (_, hand) => hand)
          return () =>
            share(batches, hands, async ({ facts, members }) => {
              await connection.insert('members (app, device)', members)
              await connection.insert('facts (app, msg_id, generation, cell, hour, device)', facts)
            })
        }),
      async received(messages) {
        const counts: number[] = []
        for (const { app, msg } of messages) {
          const [row] = await connection.ask<{ devices: string }>(
            `select uniqExact(device) as devices from facts where app = {app:UInt32}
             and msg_id = {msg:UInt64} and cell in {cells:Array(UInt8)}`,
            { app, msg: String(msg), cells: receivedCells },
          )
          counts.push(Number(row?.devices))
        }
        return counts
      },
      distinct: () => distinctIn(place),
      stop: () => weighAndStop(place),
    }
  },
}
