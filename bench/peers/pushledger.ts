// This server, over HTTP: bodies of 10,000 facts on several connections, every answer awaited, and an
// answer comes when the facts are on disk.
import { createLedger, type MeasuredServer } from '../server.ts'
import { connections } from '../size.ts'
import { Connection, requestOf } from '../wire/connection.ts'
import { linesOf } from '../world/lines.ts'
import { cut } from '../world/table.ts'
import type { Body } from '../world/told.ts'
import type { Received, World } from '../world/world.ts'
import { type Peer, share } from './peer.ts'

const bodyFacts = 10_000

interface Summary {
  readonly accepted: number
  readonly repeated: number
}

/** Requests for everything in a part of a world. */
export const bodiesOf = (
  { devicesALine }: Pick<World, 'devicesALine'>,
  { table }: World['parts'][number],
  authorizations: readonly string[],
): Body[] =>
  cut(table, bodyFacts, true).map((batch) => ({
    request: requestOf(
      '/v1/events',
      authorizations[batch.app[0] as number] as string,
      linesOf(batch, devicesALine),
    ),
    facts: batch.length,
  }))

/** Tells the bodies and says how many facts were new. */
export const tell = async (bodies: Iterable<Body>, to: readonly Connection[]): Promise<number> => {
  let fresh = 0
  await share(bodies, to, async ({ request, facts }, connection) => {
    const { status, body } = await connection.exchange(request)
    const { accepted, repeated } = JSON.parse(body.toString()) as Summary
    if (status !== 200 || accepted !== facts) throw new Error(`${status} ${body}`)
    fresh += accepted - repeated
  })
  return fresh
}

const receivedOf = async (
  connection: Connection,
  authorization: string,
  { msg }: Received,
): Promise<number> => {
  const path = `/v3/received?msg_ids=${msg}`
  const { body } = await connection.exchange(requestOf(path, authorization))
  const [item] = JSON.parse(body.toString()) as { android_received: number | null }[]
  return item?.android_received ?? 0
}

/** What every peer with this server in front is told and asked alike. */
export const run = async (
  world: World,
  server: MeasuredServer,
  authorizations: readonly string[],
) => {
  const to = await Promise.all(
    Array.from({ length: connections }, () => Connection.open(server.url)),
  )
  let fresh = 0
  return {
    pids: () => [server.pid],
    prepare: async () =>
      world.parts.map((part) => {
        const bodies = bodiesOf(world, part, authorizations)
        return async () => {
          fresh += await tell(bodies, to)
        }
      }),
    received: async (messages: readonly Received[]) => {
      const counts: number[] = []
      for (const message of messages) {
        const authorization = authorizations[message.app] as string
        counts.push(await receivedOf(to[0] as Connection, authorization, message))
      }
      return counts
    },
    distinct: async () => fresh,
    close: () => {
      for (const connection of to) connection.close()
    },
  }
}

export const pushledger: Peer = {
  name: 'pushledger',
  use: 'over HTTP, bodies of 10,000 facts, durable answers',
  missing: () => undefined,
  async start(world) {
    const ledger = createLedger(world.apps)
    const server = await ledger.serve()
    const { close, ...running } = await run(world, server, ledger.authorizations)
    return {
      ...running,
      async stop() {
        close()
        await server.stop()
        const bytes = ledger.diskBytes()
        ledger.remove()
        return bytes
      },
    }
  },
}
