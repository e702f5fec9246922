// Tells the lines of files to a server, several bodies at a time. Memory does not depend on the
// files: a buffer of one body for each connection, one for reading, the beginning of one line.
import type { Readable } from 'node:stream'
import type { CallFault, Client } from '../client/retrying-client.ts'
import { type Form, placeText } from './elements.ts'
import { type Load, openTrack, type Track, type TrackSettings } from './ordered-upload.ts'
import { openSource, type Source, SourceError } from './source.ts'
import { firstWithoutTime } from './split-bodies.ts'
import type { Tally } from './tally.ts'

export { SourceError } from './source.ts'

export interface ImportSettings extends Omit<TrackSettings, 'onAnswered'> {
  /** Paths; `-` is the standard input. */
  readonly files: readonly string[]
  readonly stdin: Readable
  readonly client: Client
  readonly connections: number
  readonly bodyBytesMax: number
  /** Packs bodies on their way. */
  readonly gzip: boolean
  /** After each body. */
  readonly onAnswered: (sofar: Sofar) => void
  /** Once aborted, no further body is begun. */
  readonly stop: AbortSignal
}

export interface Sofar {
  /** Answered in this run. */
  readonly lines: number
  /** Of the files as they are on disk, earlier runs included. */
  readonly bytes: number
  /** Undefined where a stream is among them. */
  readonly ofBytes: number | undefined
}

export interface FileOutcome {
  readonly name: string
  /** What its numbers of lines count. */
  readonly form: Form
  readonly tally: Tally
  readonly isDone: boolean
  readonly isResumable: boolean
}

export interface Outcome {
  readonly isComplete: boolean
  /** What ended it before its end; undefined also where it was stopped. */
  readonly failure: CallFault | SourceError | undefined
  readonly files: readonly FileOutcome[]
  /** Answered in this run. */
  readonly lines: number
}

/** Throws SourceError where a file cannot be opened, before anything is sent. */
export const runImport = async (settings: ImportSettings): Promise<Outcome> => {
  const sources: Source[] = []
  try {
    for (const name of settings.files) sources.push(await openSource(name, settings.stdin))
    return await importFrom(sources, settings)
  } finally {
    for (const source of sources) await source.close()
  }
}

const importFrom = async (
  sources: readonly Source[],
  settings: ImportSettings,
): Promise<Outcome> => {
  let lines = 0
  const isSizeKnown = sources.every(({ identity }) => identity !== undefined)
  const sizeBytes = sources.reduce((sum, { identity }) => sum + (identity?.sizeBytes ?? 0), 0)
  const ofBytes = isSizeKnown ? sizeBytes : undefined
  const onAnswered = (more: number): void => {
    lines += more
    const bytes = tracks.reduce((sum, track) => sum + track.fileBytes(), 0)
    settings.onAnswered({ lines, bytes, ofBytes })
  }
  const tracks = sources.map((source) => openTrack(source, { ...settings, onAnswered }))
  const failure = await sendAll(tracks, settings)
  const isComplete = failure === undefined && tracks.every((track) => track.progress().isDone)
  if (isComplete) for (const track of tracks) track.finish()
  const files = tracks.map((track): FileOutcome => {
    const { tally, isDone } = track.progress()
    const { source, isResumable } = track
    return { name: source.name, form: source.form(), tally, isDone, isResumable: isResumable() }
  })
  return { isComplete, failure, files, lines }
}

const sendAll = async (
  tracks: readonly Track[],
  settings: ImportSettings,
): Promise<CallFault | SourceError | undefined> => {
  const { client, connections, bodyBytesMax, gzip, onNotice } = settings
  const failed = new AbortController()
  const signal = AbortSignal.any([settings.stop, failed.signal])
  // A stream may have nothing to read for long: nobody waits for it then.
  signal.addEventListener('abort', () => {
    for (const { source } of tracks) source.cancel()
  })
  const take = openQueue(tracks)
  let failure: CallFault | SourceError | undefined
  let hasWarned = false

  const fail = (why: CallFault | SourceError): void => {
    failure ??= why
    failed.abort()
  }
  const warn = ({ source, piece }: Load): void => {
    const without = hasWarned ? undefined : firstWithoutTime(piece.bytes)
    if (without === undefined) return
    hasWarned = true
    const place = placeText(source.name, source.form(), piece.firstLine + without)
    onNotice(
      `${place} tells no time, so it takes that of its arrival: ` +
        'telling it again later may count again',
    )
  }
  const send = async (): Promise<void> => {
    const buffer = Buffer.allocUnsafeSlow(bodyBytesMax)
    while (!signal.aborted) {
      const load = await take(buffer)
      if (load === undefined) return
      warn(load)
      const { bytes } = load.piece
      const told = bytes.length === 0 ? undefined : await client.tell(bytes, { gzip, signal })
      if (told?.fault !== undefined) return fail(told.fault)
      load.settle(told?.summary)
    }
  }
  const sendOrFail = async (): Promise<void> => {
    try {
      await send()
    } catch (error) {
      if (!(error instanceof SourceError)) throw error
      if (!signal.aborted) fail(error)
    }
  }
  await Promise.all(Array.from({ length: connections }, sendOrFail))
  return failure
}

/** The loads of all files, one file after the other, to one who asks at a time. */
const openQueue = (tracks: readonly Track[]): ((into: Buffer) => Promise<Load | undefined>) => {
  const left = [...tracks]
  const take = async (into: Buffer): Promise<Load | undefined> => {
    for (let track = left[0]; track !== undefined; track = left[0]) {
      const load = await track.next(into)
      if (load !== undefined) return load
      left.shift()
    }
    return undefined
  }
  let last: Promise<unknown> = Promise.resolve()
  return (into) => {
    const taken = last.then(() => take(into))
    last = taken.catch(() => undefined)
    return taken
  }
}
