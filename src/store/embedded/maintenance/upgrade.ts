// Brings a directory of format 1 or 2 up to format 3, in which cells have the numbers of the directory's own
// table, and ids stand in blocks of bounded bytes; and one of format 3 to the program's table. In small
// commits that say how far they came, so that it goes on where it was broken off.
import type { AppRecord } from '../../../apps/app-table.ts'
import { inSlices } from '../../../runtime/time-slice.ts'
import { Damage } from '../lmdb/bytes.ts'
import type { Environment } from '../lmdb/environment.ts'
import { formatVersion, writeFormat, writeTable } from '../lmdb/format.ts'
import { appRecords, behind, messageHeaders, metaKey } from '../lmdb/key.ts'
import { openRecords } from '../lmdb/records.ts'
import { eachWrite, WriteSet } from '../lmdb/write-batch.ts'
import { Catalogue } from '../rollups/message-index.ts'
import { moveBlocks } from './upgrade-devices.ts'
import { type OlderFormat, upgradeMessage } from './upgrade-message.ts'

/** A header, as hex, of an app; all before it come before this place. */
interface Place {
  readonly appId: number
  readonly done: string
}

/** How far it came: up to which header of which app. */
interface Progress extends Place {
  /** Up to where messages are of format 2; those behind are of format 1. Undefined where all are of format 2. */
  readonly format1?: Place | undefined
}

const key = metaKey('upgrade')
const nowhere: Place = { appId: 0, done: '' }
/** No commit takes more headers, or goes on behind so many bytes. */
const headersACommitMax = 8_192
const bytesACommit = 2 ** 20

/** Only for the owner of the directory. `onMessages` is told how many messages were brought up to date. */
export const upgrade = async (
  environment: Environment,
  onMessages: (messages: number) => void,
  headersACommit: number = headersACommitMax,
): Promise<void> => {
  const records = openRecords(environment)
  const numbering = environment.numbering()
  const version = environment.formatVersion()
  const isOlder = version < formatVersion
  if (isOlder || numbering.isExtended) {
    environment.change(() => {
      if (isOlder) {
        // From now on, no older program opens it. One of format 2 may have been at work on format 1.
        const format1 = version === 1 ? nowhere : (records.read(key) as Place | undefined)
        records.write(key, { ...nowhere, format1 } satisfies Progress)
        writeFormat(environment.db)
      }
      writeTable(environment.db, numbering)
    })
    environment.refresh()
    environment.renumber()
  }
  const begun = records.read(key) as Progress | undefined
  if (begun === undefined) return
  let messages = 0
  const apps = records.keysIn(appRecords).map((record) => (records.read(record) as AppRecord).id)
  for (const appId of apps.sort((a, b) => a - b)) {
    if (appId < begun.appId) continue
    await moveBlocks(environment, appId)
    let done = appId === begun.appId ? Buffer.from(begun.done, 'hex') : Buffer.alloc(0)
    for (;;) {
      const headers = nextHeaders(environment, appId, done, headersACommit)
      if (headers.length === 0) break
      const formatOf = (header: Uint8Array) => olderFormatOf(begun.format1, appId, header)
      const { out, upgraded } = await upgradeSome(environment, appId, headers, formatOf)
      done = Buffer.from(headers[upgraded - 1] as Uint8Array)
      environment.change(() => {
        writeAll(environment, out)
        const { format1 } = begun
        records.write(key, { appId, done: done.toString('hex'), format1 } satisfies Progress)
      })
      messages += upgraded
      onMessages(messages)
      // The event loop gets its turn, for signals.
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  environment.change(() => environment.db.removeSync(key))
  environment.refresh()
}

const olderFormatOf = (
  format1: Place | undefined,
  appId: number,
  header: Uint8Array,
): OlderFormat => {
  if (format1 === undefined || appId < format1.appId) return 2
  if (appId > format1.appId) return 1
  return Buffer.compare(header, Buffer.from(format1.done, 'hex')) > 0 ? 1 : 2
}

const writeAll = ({ db }: Environment, out: WriteSet): void =>
  eachWrite(out.cut(), (at, value) => {
    if (value === undefined) db.removeSync(at)
    else db.putSync(at, Buffer.from(value))
  })

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
const upgradeSome = async (
  environment: Environment,
  appId: number,
  headers: readonly Uint8Array[],
  formatOf: (header: Uint8Array) => OlderFormat,
): Promise<{ readonly out: WriteSet; readonly upgraded: number }> => {
  const out = new WriteSet()
  const catalogue = new Catalogue(appId, environment)
  let upgraded = 0
  for (const header of headers) {
    try {
      upgradeMessage(environment, header, formatOf(header), catalogue, out)
    } catch (damage) {
      if (!(damage instanceof Damage)) throw damage
    }
    upgraded++
    if (out.bytes >= bytesACommit) break
  }
  await inSlices(catalogue.write(out))
  return { out, upgraded }
}
