// Recounts the messages of a directory to which selections were added, in the background: some of them at a
// time between appends, each time with how far it came in the same commit, so that it goes on after a kill.
// Reports are exact meanwhile, because they count what is missing themselves.
import type { AppRecord } from '../../../apps/app-table.ts'
import type { MsgId } from '../../../ledger/ids.ts'
import { inSlices } from '../../../runtime/time-slice.ts'
import type { Appender } from '../append/group-commit.ts'
import { readHeader, spanOf, writeHeader } from '../device-set/header.ts'
import { ByteWriter, Damage } from '../lmdb/bytes.ts'
import type { Writer } from '../lmdb/commit.ts'
import type { Environment } from '../lmdb/environment.ts'
import { noPlace, type Recount, readRecount } from '../lmdb/format.ts'
import { appRecords, messageKey, metaKey } from '../lmdb/key.ts'
import { openRecords } from '../lmdb/records.ts'
import { WriteSet } from '../lmdb/write-batch.ts'
import { sizesAsOf, walkSizes } from '../query/message-sizes.ts'
import { type ListPlace, type ListStretch, lastListed } from '../rollups/hour-index.ts'
import { Catalogue } from '../rollups/message-index.ts'

const messagesACommitMax = 1_024
/** Of writes: a message of many devices has a header of many bytes. */
const bytesACommit = 2 ** 18

const key = metaKey('recount')
const body = new ByteWriter()
const allHours = { from: 0, to: noPlace.hour }

export interface Recounter {
  /** Recounts all there is to recount; resolves early where that fails, and when closed. */
  run(messagesACommit?: number): Promise<void>
  close(): Promise<void>
}

export const openRecounter = (
  environment: Environment,
  appender: Pick<Appender, 'alone'>,
  writer: Writer,
): Recounter => {
  let running: Promise<void> | undefined
  let isClosed = false

  const runAll = async (atMost: number): Promise<void> => {
    while (!isClosed && (await appender.alone(() => step(environment, writer, atMost)))) {
      // Each step waits behind the appends that came meanwhile.
    }
  }
  const run = (messagesACommit = messagesACommitMax): Promise<void> => {
    // What failed is tried again when the next sweep begins, or when the directory is opened again.
    running ??= runAll(messagesACommit)
      .catch(() => {})
      .finally(() => {
        running = undefined
      })
    return running
  }
  return {
    run,
    async close() {
      isClosed = true
      await running
    },
  }
}

/** False where nothing is left to do. */
const step = async (
  environment: Environment,
  writer: Writer,
  messagesACommit: number,
): Promise<boolean> => {
  environment.refresh()
  const recount = readRecount(environment.db)
  if (recount === undefined) return false
  const out = new WriteSet()
  const place = nextPlace(environment, recount, messagesACommit)
  if (place === undefined) {
    out.remove(key)
    await writer.commit([{ appId: 0, writes: out.cut(), count: 1, clearsUp: true }])
    environment.refresh()
    return false
  }
  const { appId, stretch } = place
  const { hour, id } = await inSlices(recountSome(environment, appId, stretch, out))
  const progress = { ...recount, appId, hour, id: String(id) } satisfies Recount
  out.put(key, Buffer.from(JSON.stringify(progress)))
  const { count } = out
  await writer.commit([{ appId, writes: out.cut(), count, clearsUp: false }])
  return true
}

interface Place {
  readonly appId: number
  readonly stretch: ListStretch
}

/** The next messages to be recounted, of whichever app. */
const nextPlace = (
  environment: Environment,
  recount: Recount,
  messagesACommit: number,
): Place | undefined => {
  const { read, keysIn } = openRecords(environment)
  const apps = keysIn(appRecords).map((record) => (read(record) as AppRecord).id)
  for (const appId of apps.sort((a, b) => a - b)) {
    if (appId < recount.appId) continue
    const { hour, id } = appId === recount.appId ? recount : noPlace
    const before = { hour, id: BigInt(id) }
    const stretch = lastListed(environment, appId, allHours, before, messagesACommit)
    if (stretch !== undefined) return { appId, stretch }
  }
  return undefined
}

/** Gives the place up to which it came. What cannot be read stays as it is, and is found damaged as before. */
function* recountSome(
  environment: Environment,
  appId: number,
  { hour, ids, first }: ListStretch,
  out: WriteSet,
): Generator<void, ListPlace> {
  const catalogue = new Catalogue(appId, environment)
  let bytes = 0
  let reached = first
  for (const id of ids) {
    try {
      bytes += yield* recountMessage(environment, appId, String(id) as MsgId, catalogue, out)
    } catch (damage) {
      if (!(damage instanceof Damage)) throw damage
    }
    yield
    if (bytes < bytesACommit) continue
    reached = { hour, id }
    break
  }
  yield* catalogue.write(out)
  return reached
}

/** How many bytes it put into the set. */
function* recountMessage(
  environment: Environment,
  appId: number,
  msgId: MsgId,
  catalogue: Catalogue,
  out: WriteSet,
): Generator<void, number> {
  const at = messageKey(appId, msgId)
  const { messages: kind } = environment.numbering()
  const stored = environment.read(at)
  if (stored === undefined) return 0
  const known = sizesAsOf(stored, kind)
  if (known !== undefined) {
    catalogue.recounted({ ...spanOf(stored), sizes: known })
    return 0
  }
  const header = readHeader(Uint8Array.from(stored), kind)
  const sizes = yield* walkSizes(environment, { id: appId }, msgId, 0)
  const { leafStarts, rest } = header
  body.reset()
  writeHeader(body, header, kind.revision, sizes, leafStarts)
  body.append(rest.bytes.subarray(rest.at))
  out.put(at, body.written())
  catalogue.recounted({ ...header, sizes })
  return body.length
}
