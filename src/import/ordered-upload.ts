// One file on its way: hands out its pieces, takes their answers in whatever order they come, and
// moves its progress and its bookmark forward in the order of its lines.
import type { EventsBody } from '../http/endpoint/wire.ts'
import { reasonOf } from '../runtime/system-error.ts'
import { type Bookmark, openBookmark, type Progress, type Target } from './bookmark.ts'
import { nounOf } from './elements.ts'
import type { Reading, Source } from './source.ts'
import { type Cut, openCutter, type Piece } from './split-bodies.ts'
import { emptyTally, withPiece } from './tally.ts'

/** Some lines on their way. */
export interface Load {
  readonly source: Source
  readonly piece: Piece
  /** To be called once, with what the server said; with nothing where nothing had to be sent. */
  readonly settle: (summary: EventsBody | undefined) => void
}

export interface Track {
  readonly source: Source
  /** Whether its progress is kept. */
  isResumable(): boolean
  progress(): Progress
  /** How far the file on disk is answered; packed, if it is packed. */
  fileBytes(): number
  /** Undefined at the end. Not to be called twice at once. */
  next(into: Buffer): Promise<Load | undefined>
  /** Forgets the bookmark. */
  finish(): void
}

export interface TrackSettings {
  readonly target: Target
  readonly stateDir: string | undefined
  readonly bodyLinesMax: number
  readonly onNotice: (sentence: string) => void
  readonly onAnswered: (lines: number) => void
}

const atStart: Progress = { place: { bytes: 0, lines: 0 }, tally: emptyTally, isDone: false }

export const openTrack = (source: Source, settings: TrackSettings): Track => {
  const bookmark = bookmarkOf(source, settings)
  let progress = bookmark?.found ?? atStart
  let fileBytes = progress.isDone ? (source.identity?.sizeBytes ?? 0) : 0
  let isKept = bookmark !== undefined
  let reading: Reading | undefined
  let cut: Cut | undefined

  const moveOn = (to: Progress): void => {
    settings.onAnswered(to.tally.lines - progress.tally.lines)
    progress = to
    if (!isKept) return
    try {
      bookmark?.keep(progress)
    } catch (cause) {
      isKept = false
      const where = `${bookmark?.path} cannot be written, ${reasonOf(cause)}`
      settings.onNotice(`${source.name} will not be resumable: say another --state (${where})`)
    }
  }
  const inOrder = openOrder()
  /** Why it cannot be read on; asking again would look like its end. */
  let breach: { readonly cause: unknown } | undefined

  const next = async (into: Buffer): Promise<Load | undefined> => {
    if (progress.isDone) return undefined
    reading ??= source.read(progress.place.bytes)
    cut ??= openCutter(reading.chunks, progress.place, settings.bodyLinesMax)
    if (breach !== undefined) throw breach.cause
    const piece = await cut(into).catch((cause: unknown) => {
      breach = { cause }
      throw cause
    })
    const readBytes = reading.fileBytes()
    const answered = inOrder((summary: EventsBody | undefined) => {
      if (piece === undefined) return moveOn({ ...progress, isDone: true })
      fileBytes = readBytes
      const tally = withPiece(progress.tally, piece, summary)
      moveOn({ place: piece.end, tally, isDone: false })
    })
    if (piece !== undefined) return { source, piece, settle: answered }
    answered(undefined)
    return undefined
  }

  return {
    source,
    isResumable: () => isKept,
    progress: () => progress,
    fileBytes: () => fileBytes,
    next,
    finish: () => {
      if (isKept) bookmark?.remove()
    },
  }
}

const bookmarkOf = (source: Source, settings: TrackSettings): Bookmark | undefined => {
  const { name, identity } = source
  if (identity === undefined) {
    settings.onNotice(
      `${name} can be read only once: if broken off, it has to be told from its start`,
    )
    return undefined
  }
  const bookmark = openBookmark(identity, settings.target, settings.stateDir)
  const { found, startsOverBecause: why } = bookmark
  const { lines } = found.place
  if (why !== undefined) settings.onNotice(`${name} starts over: ${why}`)
  else if (found.isDone)
    settings.onNotice(`${name} was answered whole: its lines are not sent again`)
  else if (lines > 0) {
    settings.onNotice(`${name} goes on after ${nounOf(source.form())} ${lines}`)
  }
  return bookmark
}

type Settle = (summary: EventsBody | undefined) => void

/** What is settled early waits for all that was handed out before it. */
const openOrder = (): ((apply: Settle) => Settle) => {
  const waiting: { run: (() => void) | undefined }[] = []
  return (apply) => {
    const slot: (typeof waiting)[number] = { run: undefined }
    waiting.push(slot)
    return (summary) => {
      slot.run = () => apply(summary)
      for (let first = waiting[0]; first?.run !== undefined; first = waiting[0]) {
        first.run()
        waiting.shift()
      }
    }
  }
}
