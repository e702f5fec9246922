// Requests a second of a one-id report, beside a bare Fastify route that answers the same bytes: the
// same load generator, in turns, the other one asleep meanwhile.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { head, median, number, row, spread, title } from '../report.ts'
import { withConnections } from '../server.ts'
import { connections, runs, secondsOfRequests } from '../size.ts'
import { own } from '../wire/children.ts'
import type { Connection } from '../wire/connection.ts'
import { askAsFastAsPossible } from '../wire/latency.ts'
import { broadcastId } from '../world/broadcast.ts'
import { about } from '../world/told.ts'
import { receivedOne } from './ask.ts'
import { Place } from './place.ts'

const program = fileURLToPath(new URL('../wire/bare-route.ts', import.meta.url))

const withBareRoute = async (
  bytes: string,
  work: (to: readonly Connection[]) => Promise<void>,
): Promise<void> => {
  const args = ['--import', 'tsx', program, bytes]
  const child = own(spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] }))
  try {
    const [printed] = (await once(child.stdout, 'data')) as [Buffer]
    await withConnections(printed.toString().trim(), connections, work)
  } finally {
    child.kill()
  }
}

const inTurns = async (
  ours: readonly Connection[],
  bare: readonly Connection[],
  request: Buffer,
): Promise<void> => {
  const rates = { ours: [] as number[], bare: [] as number[] }
  await askAsFastAsPossible(ours, request, secondsOfRequests)
  await askAsFastAsPossible(bare, request, secondsOfRequests)
  for (let run = 0; run < runs; run++) {
    rates.ours.push(await askAsFastAsPossible(ours, request, secondsOfRequests))
    rates.bare.push(await askAsFastAsPossible(bare, request, secondsOfRequests))
  }
  head('', 'requests/s', 'of the bare route')
  const ratio = (median(rates.ours) / median(rates.bare)) * 100
  row('/received of one id', spread(rates.ours), `${number(ratio)} %`)
  row('a bare Fastify route, the same bytes', spread(rates.bare), '')
}

export const requests = (): Promise<void> =>
  Place.use(async (place) => {
    title(`requests a second, ${connections} connections`)
    const msg = broadcastId(0)
    const members = about('received', msg, 'jpush')
    await place.tell([{ members, atMs: Date.now(), devices: 1_000, device: (i) => i }])
    const request = receivedOne(place.authorization, msg)
    const { body } = await (place.to[0] as Connection).exchange(request)
    await withBareRoute(body.toString(), (bare) => inTurns(place.to, bare, request))
  })
