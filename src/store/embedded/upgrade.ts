// Brings a directory of format 1 up to format 2, in which facts stand in hours, headers name their first
// hour, and messages are listed and added up by day. In small commits that say how far they came, so
// that it goes on where it was broken off; of format 1 there is only the day, so its facts stand in the
// first hour of theirs.
import type { AppRecord } from '../../apps/app.ts'
import { firstHourOf } from '../../ledger/day.ts'
import type { MsgId } from '../../ledger/ids.ts'
import { inSlices } from '../../pace.ts'
import { ByteReader, ByteWriter, Damage } from './bytes.ts'
import { Catalogue } from './catalogue.ts'
import { type Environment, formatVersion, writeFormat } from './environment.ts'
import { readLeafStarts, readSizes, writeHeader } from './header.ts'
import { appRecords, behind, leafKey, messageHeaders, metaKey, msgIdOfKey } from './key.ts'
import { readStates, writeStates } from './leaf.ts'
import { openRecords } from './records.ts'
import { messageSizes } from './selections.ts'
import { cellOfCode, type FactCode, factCode, hourOfCode, StateTable } from './state-table.ts'
import { eachWrite, WriteSet } from './write-set.ts'

/** How far it came: up to which header of which app. */
interface Progress {
  readonly appId: number
  /** Hex. */
  readonly done: string
}

const key = metaKey('upgrade')
const body = new ByteWriter()

/** Only for the owner of the directory. `onMessages` is told how many messages were brought up to date. */
export const upgrade = async (
  environment: Environment,
  onMessages: (messages: number) => void,
  headersACommit = 256,
): Promise<void> => {
  const records = openRecords(environment)
  if (environment.formatVersion() < formatVersion) {
    // From now on, no older program opens it.
    environment.change(() => {
      writeFormat(environment)
      records.write(key, { appId: 0, done: '' } satisfies Progress)
    })
    environment.refresh()
  }
  const begun = records.read(key) as Progress | undefined
  if (begun === undefined) return
  let messages = 0
  const apps = records.keysIn(appRecords).map((record) => (records.read(record) as AppRecord).id)
  for (const appId of apps.sort((a, b) => a - b)) {
    if (appId < begun.appId) continue
    let done = appId === begun.appId ? Buffer.from(begun.done, 'hex') : Buffer.alloc(0)
    for (;;) {
      const headers = nextHeaders(environment, appId, done, headersACommit)
      const last = headers.at(-1)
      if (last === undefined) break
      done = Buffer.from(last)
      const out = await upgraded(environment, appId, headers)
      environment.change(() => {
        eachWrite(out.cut(), (at, value) => {
          if (value !== undefined) environment.db.putSync(at, Buffer.from(value))
        })
        records.write(key, { appId, done: done.toString('hex') } satisfies Progress)
      })
      messages += headers.length
      onMessages(messages)
      // The event loop gets its turn, for signals.
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  environment.change(() => environment.db.removeSync(key))
  environment.refresh()
}

const nextHeaders = (
  environment: Environment,
  appId: number,
  done: Uint8Array,
  atMost: number,
): readonly Uint8Array[] => {
  environment.refresh()
  const { start, end } = messageHeaders(appId)
  const from = done.length === 0 ? start : behind(done)
  return environment.keysIn({ start: from, end }, atMost)
}

/** A value that cannot be read stays as it is: whoever reads it finds it damaged, as before. */
const upgraded = async (
  environment: Environment,
  appId: number,
  headers: readonly Uint8Array[],
): Promise<WriteSet> => {
  const out = new WriteSet()
  const catalogue = new Catalogue(appId, environment)
  for (const header of headers) {
    try {
      upgradeMessage(environment, header, catalogue, out)
    } catch (damage) {
      if (!(damage instanceof Damage)) throw damage
    }
  }
  await inSlices(catalogue.write(out))
  return out
}

const upgradeMessage = (
  { read }: Environment,
  header: Uint8Array,
  catalogue: Catalogue,
  out: WriteSet,
): void => {
  const stored = read(header)
  if (stored === undefined) return
  const reader = new ByteReader(Uint8Array.from(stored))
  const latestDay = reader.varint()
  const sizes = readSizes(reader, messageSizes)
  const starts = readLeafStarts(reader)
  let firstHour = Number.POSITIVE_INFINITY
  for (const start of starts) {
    const at = leafKey(header, start)
    const leaf = read(at)
    if (leaf === undefined) continue
    body.reset()
    firstHour = Math.min(firstHour, upgradeLeaf(new ByteReader(Uint8Array.from(leaf)), body))
    out.put(at, body.written())
  }
  const inline = new ByteWriter()
  if (starts.length === 0) firstHour = upgradeLeaf(reader, inline)
  const span = { latestDay, firstHour: Math.min(firstHour, firstHourOf(latestDay)) }
  body.reset()
  writeHeader(body, span, sizes, starts)
  body.append(inline.written())
  out.put(header, body.written())
  catalogue.follow(msgIdOfKey(header) as MsgId, undefined, { ...span, sizes })
}

/** Writes the leaf that the reader stands at, and gives its first hour. */
const upgradeLeaf = (reader: ByteReader, out: ByteWriter): number => {
  const table = new StateTable(() => [])
  const states = readStates(reader, table).map((state) =>
    table.numberOf(table.factsOf(state).map(inHours)),
  )
  writeStates(out, table, states)
  out.append(reader.bytes.subarray(reader.at))
  return states.reduce(
    (first, state) => Math.min(first, ...table.factsOf(state).map(hourOfCode)),
    Number.POSITIVE_INFINITY,
  )
}

/** Format 1 has a day where now an hour stands. */
const inHours = (code: FactCode): FactCode =>
  factCode(cellOfCode(code), firstHourOf(hourOfCode(code)))
