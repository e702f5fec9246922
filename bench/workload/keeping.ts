// What it takes to keep: own memory of an idle server, and bytes on disk a receipt, weighed as what the
// directory grows by, allocated, once the server is stopped. The devices are known before.
import { head, mebibytes, number, row, title } from '../report.ts'
import { manyDevices } from '../size.ts'
import { anonymousBytes } from '../wire/process.ts'
import { broadcastId } from '../world/broadcast.ts'
import { scattered, seeded } from '../world/random.ts'
import { about, type Told } from '../world/told.ts'
import { Place } from './place.ts'

const settleMs = 3_000

interface Kind {
  readonly name: string
  readonly messages: number
  readonly devices: number
}

const kinds: readonly Kind[] = [
  { name: 'all devices received', messages: 2, devices: manyDevices },
  { name: 'one in fifty received', messages: 20, devices: Math.floor(manyDevices / 50) },
  {
    name: `1,000 of ${number(manyDevices)} received`,
    messages: 1_000,
    devices: Math.min(1_000, manyDevices),
  },
]

/** Receipts of messages by a random choice of the devices. */
function* receipts({ messages, devices }: Kind, firstId: number, atMs: number): Generator<Told> {
  for (let n = 0; n < messages; n++) {
    const device = scattered(manyDevices, seeded(firstId + n))
    yield { members: about('received', broadcastId(firstId + n), 'jpush'), atMs, devices, device }
  }
}

export const keeping = (): Promise<void> =>
  Place.use(async (place) => {
    title(`keeping ${number(manyDevices)} devices`)
    await new Promise((resolve) => setTimeout(resolve, settleMs))
    const idle = anonymousBytes(place.server.pid)
    const atMs = Date.now()
    const members = '"type":"online","platform":"android"'
    await place.tell([
      { members, atMs, devices: manyDevices, device: scattered(manyDevices, seeded(5)) },
    ])
    const memory = anonymousBytes(place.server.pid)
    let bytes = await place.stop()
    console.log(
      `Own memory ${mebibytes(idle)} MiB idle, ${mebibytes(memory)} MiB with the devices, which take ${mebibytes(bytes)} MiB on disk.\n`,
    )
    head('', 'receipts', 'bytes a receipt')
    for (const [i, kind] of kinds.entries()) {
      await place.start()
      await place.tell(receipts(kind, i * 10_000, atMs))
      const more = await place.stop()
      const told = kind.messages * kind.devices
      row(kind.name, number(told), number((more - bytes) / told, 2))
      bytes = more
    }
    await place.start()
  })
