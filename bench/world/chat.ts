// Pushes to one device each, four facts a push: conversations, whose messages are as many as their
// facts. Their ids rise with time, as ids do, or come in random order, as from several gateways.
import { scattered, seeded } from './random.ts'
import { cellOf, openTable } from './table.ts'
import { type World, warmed } from './world.ts'

const stages = ['target', 'online_push', 'received', 'click'] as const
const jpush = 0
const firstId = 40_000_000_000_000_000n
const idStep = 7n

export const chat = (
  messages: number,
  devices: number,
  order: 'rising' | 'random',
  atMs: number,
): World => {
  const random = seeded(2)
  const place = order === 'rising' ? (i: number) => i : scattered(messages, random)
  const table = openTable(messages * stages.length)
  for (let i = 0; i < messages; i++) {
    const msg = firstId + BigInt(place(i)) * idStep
    const device = Math.floor(random() * devices)
    for (const stage of stages) table.add(0, msg, cellOf(stage, jpush), device, atMs)
  }
  return {
    title: `${messages.toLocaleString('en')} chat pushes to one device each, ${order} ids`,
    apps: 1,
    devicesALine: 1,
    parts: warmed(table.close(), 'four facts a push'),
    distinct: messages * stages.length,
    weighed: { what: 'push', count: messages },
  }
}
