// A sheet: which devices hold which facts, of one message or of one day or month of users, open for
// change. It reads only the leaves it touches, keeps its sizes true fact by fact, splits leaves as
// they grow, and hands over all it changed as writes. It knows nothing of transactions.
import { type Day, dayOfHour, type Hour } from '../../../ledger/day.ts'
import { addEntries, entriesOf, Newcomers, placeOf, withNewcomers } from '../leaf/arrays.ts'
import { type Entries, leafDevicesMax, noEntries, writeLeaf } from '../leaf/codec.ts'
import type { OpenLeaf } from '../leaf/mutable-leaf.ts'
import { openLeaf } from '../leaf/open.ts'
import { Runs } from '../leaf/runs.ts'
import { ByteReader, ByteWriter, Damage, pageBodyBytesMax, splitFill } from '../lmdb/bytes.ts'
import type { ReadBody } from '../lmdb/environment.ts'
import { leafKey } from '../lmdb/key.ts'
import type { WriteSet } from '../lmdb/write-batch.ts'
import { endOfDevice, type Facts, stateAfter } from '../states/apply-fact.ts'
import type { StageMemory } from '../states/arena.ts'
import type { SheetKind } from '../states/selections.ts'
import { Sizes } from '../states/sizes.ts'
import { emptyState, type StateTable } from '../states/state-table.ts'
import { type Header, readHeader, type Span, writeHeader } from './header.ts'

// A sheet of so few bytes lives in its header.
const inlineBytesMax = 1_024
// So many devices need not be tried: only runs would fit, and those grow apart.
const inlineDevicesMax = inlineBytesMax * 8

// So many are short work, also where each makes a state of its own.
const factsAtOnce = 4_096
// States whose devices changed, before what they mean for the sizes is added up.
const statesMovedMax = 1_024

/** What a header says of a sheet. */
export interface SheetSummary extends Span {
  readonly sizes: Sizes
}

/** As it stands on disk. */
export interface StoredSheet extends SheetSummary {
  /** It was past keeping, and begins anew. */
  readonly isGone: boolean
}

interface Leaf {
  readonly start: number
  /** Undefined until it is needed, and while the stored leaf suffices. */
  entries: Entries | undefined
  /** The leaf as it is stored, changed in its shape; undefined where its entries are changed instead. */
  stored: OpenLeaf | undefined
  isChanged: boolean
}

const body = new ByteWriter()
const headerBody = new ByteWriter()
const newcomers = new Newcomers(factsAtOnce)
const nowhere: readonly number[] = []
const runs = new Runs()

export class Sheet {
  readonly #key: Uint8Array
  readonly #table: StateTable
  readonly #read: ReadBody
  readonly #memory: StageMemory
  #latestDay: Day
  #firstHour: Hour
  readonly #kind: SheetKind
  /** The sizes are true of the selections of this revision and earlier ones, and no others are written. */
  readonly #revision: number
  readonly #sizes: Sizes
  readonly #leaves: Leaf[]
  readonly #storedStarts: readonly number[]
  #isChanged = false
  /** What its header says on disk, where there is one. */
  readonly stored: StoredSheet | undefined

  /**
   * Opens the sheet at a header's key; one whose latest day lies before `firstDay` begins anew. The memory
   * is lent until the sheet is written.
   */
  constructor(
    key: Uint8Array,
    table: StateTable,
    read: ReadBody,
    memory: StageMemory,
    kind: SheetKind,
    firstDay: Day,
  ) {
    this.#key = key
    this.#table = table
    this.#read = read
    this.#memory = memory
    this.#kind = kind
    const stored = read(key)
    const header = stored && readHeader(stored, kind)
    this.#storedStarts = header?.leafStarts ?? nowhere
    const isGone = header !== undefined && header.latestDay < firstDay
    this.stored = header && storedIn(header, isGone)
    if (header === undefined || isGone) {
      this.#latestDay = 0
      this.#firstHour = 0
      this.#revision = kind.revision
      this.#sizes = new Sizes()
      this.#leaves = [{ start: 0, entries: noEntries, stored: undefined, isChanged: false }]
      return
    }
    this.#latestDay = header.latestDay
    this.#firstHour = header.firstHour
    this.#revision = header.revision
    this.#sizes = header.sizes
    if (header.leafStarts.length === 0) {
      const inHeader = openLeaf(header.rest, table, 0, memory)
      this.#leaves = [{ start: 0, entries: undefined, stored: inHeader, isChanged: false }]
    } else {
      this.#leaves = header.leafStarts.map(storedAt)
    }
  }

  /** A message was told of in this hour, repeats included. */
  toldIn(hour: Hour): void {
    const day = dayOfHour(hour)
    const isFirst = this.#latestDay === 0 || hour < this.#firstHour
    if (!isFirst && day <= this.#latestDay) return
    if (isFirst) this.#firstHour = hour
    this.#latestDay = Math.max(this.#latestDay, day)
    this.#isChanged = true
  }

  get isChanged(): boolean {
    return this.#isChanged
  }

  summary(): SheetSummary {
    return { latestDay: this.#latestDay, firstHour: this.#firstHour, sizes: this.#sizes }
  }

  /**
   * Adds some facts to the one leaf that holds the first of them, and returns where those behind them begin:
   * called again from there until it returns `to`. The facts stand in rising order of ordinals and,
   * for one device, in the order told. Counts what was new by its owner in `fresh`.
   */
  add(facts: Facts, from: number, to: number, fresh: Uint32Array): number {
    const place = this.#leafAt(facts.ordinals[from] ?? 0)
    const leaf = this.#leaves[place]
    const behind = this.#leaves[place + 1]?.start ?? Number.POSITIVE_INFINITY
    const most = Math.min(to, from + factsAtOnce)
    let end = from + 1
    while (end < most && (facts.ordinals[end] ?? 0) < behind) end++
    if (leaf !== undefined) {
      const changed = this.#changeStored(leaf, facts, from, end, fresh)
      if (changed < end) this.#merge(leaf, facts, changed, end, fresh)
      this.#divide(place, leaf)
    }
    if (end === to || this.#table.statesMoved > statesMovedMax) this.#table.settle(this.#sizes)
    return end
  }

  /** Halves a leaf of too many devices, so that neither changing nor writing one takes long. */
  #divide(place: number, leaf: Leaf): void {
    const { start, stored } = leaf
    const devices = leaf.entries?.length ?? stored?.devices ?? 0
    if (devices <= leafDevicesMax) return
    const entries = this.#entriesOf(leaf)
    const half = entries.length >>> 1
    const left = entriesIn(entries, 0, half)
    const right = entriesIn(entries, half, entries.length)
    this.#leaves.splice(
      place,
      1,
      { start, entries: left, stored: undefined, isChanged: true },
      { start: right.ordinals[0] ?? 0, entries: right, stored: undefined, isChanged: true },
    )
  }

  /** The last leaf that begins at or before an ordinal. */
  #leafAt(ordinal: number): number {
    let low = 0
    let high = this.#leaves.length - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if ((this.#leaves[middle]?.start ?? 0) <= ordinal) low = middle
      else high = middle - 1
    }
    return low
  }

  #openStored({ start }: Leaf): OpenLeaf {
    const stored = this.#read(leafKey(this.#key, start))
    if (stored === undefined) throw new Damage('a leaf that its header names is missing')
    return openLeaf(new ByteReader(stored), this.#table, start, this.#memory)
  }

  #entriesOf(leaf: Leaf): Entries {
    if (leaf.entries === undefined) {
      leaf.stored ??= this.#openStored(leaf)
      leaf.entries = entriesOf(runsOf(leaf), this.#memory)
      leaf.stored = undefined
    }
    return leaf.entries
  }

  /** Changes a stored leaf, and returns how far it came: the rest is for its entries. */
  #changeStored(leaf: Leaf, facts: Facts, from: number, to: number, fresh: Uint32Array): number {
    if (leaf.entries !== undefined) return from
    leaf.stored ??= this.#openStored(leaf)
    const changed = leaf.stored.add(facts, from, to, fresh)
    if (leaf.stored.isChanged) {
      leaf.isChanged = true
      this.#isChanged = true
    }
    return changed
  }

  /** Changes the states of the devices held where they stand, then makes room for the new ones. */
  #merge(leaf: Leaf, facts: Facts, from: number, to: number, fresh: Uint32Array): void {
    const table = this.#table
    const held = this.#entriesOf(leaf)
    let place = 0
    let isChanged = false
    newcomers.length = 0
    for (let i = from; i < to; ) {
      const ordinal = facts.ordinals[i] ?? 0
      place = placeOf(held, ordinal, place)
      const isHeld = place < held.length && held.ordinals[place] === ordinal
      const before = isHeld ? (held.states[place] ?? 0) : emptyState
      const next = endOfDevice(facts, i, to)
      const state = stateAfter(table, before, facts, i, next, fresh)
      i = next
      if (state === before) continue
      table.move(before, state)
      isChanged = true
      if (isHeld) held.states[place] = state
      else newcomers.add(place, ordinal, state)
    }
    if (!isChanged) return
    leaf.entries = withNewcomers(held, newcomers, this.#memory)
    leaf.isChanged = true
    this.#isChanged = true
  }

  /** Puts everything changed into `out`; pauses where a caller may take a turn. */
  *write(out: WriteSet): Generator<void> {
    if (!this.#isChanged) return
    if (this.#leaves.length === 1 && this.#storedStarts.length === 0 && this.#writeInline(out)) {
      yield
      return
    }
    const starts: number[] = []
    for (const leaf of this.#leaves) {
      if (!leaf.isChanged) {
        starts.push(leaf.start)
        continue
      }
      if (this.#writeStored(out, leaf)) starts.push(leaf.start)
      else {
        const held = runsOf(leaf)
        this.#writePieces(out, held, 0, held.length, leaf.start, starts)
      }
      yield
    }
    const kept = new Set(starts)
    for (const start of this.#storedStarts) {
      if (!kept.has(start)) out.remove(leafKey(this.#key, start))
    }
    headerBody.reset()
    writeHeader(headerBody, this.summary(), this.#revision, this.#writtenSizes(), starts)
    out.put(this.#key, headerBody.written())
    yield
  }

  /** False where the leaf is not as it was stored any more, or would better not be. */
  #writeStored(out: WriteSet, { stored, start }: Leaf): boolean {
    body.reset()
    if (stored === undefined || !stored.write(body) || body.length > pageBodyBytesMax) return false
    out.put(leafKey(this.#key, start), body.written())
    return true
  }

  /** Writes a small sheet into its header; false where it is too large for that. */
  #writeInline(out: WriteSet): boolean {
    const leaf = this.#leaves[0] as Leaf
    if ((leaf.entries?.length ?? 0) > inlineDevicesMax) return false
    body.reset()
    if (leaf.stored?.write(body) !== true || body.length > inlineBytesMax) {
      const held = runsOf(leaf)
      body.reset()
      const bytes = writeLeaf(body, this.#table, held, 0, held.length, 0, inlineBytesMax)
      if (bytes > inlineBytesMax) return false
    }
    headerBody.reset()
    const isOfOneState = body.bytes[0] === 1
    const revision = isOfOneState ? this.#kind.revision : this.#revision
    const sizes = isOfOneState ? undefined : this.#writtenSizes()
    writeHeader(headerBody, this.summary(), revision, sizes, nowhere)
    headerBody.append(body.written())
    out.put(this.#key, headerBody.written())
    return true
  }

  #writtenSizes(): Sizes {
    const { revision, since } = this.#kind
    return this.#revision === revision ? this.#sizes : this.#sizes.upTo(this.#revision, since)
  }

  /** Writes the runs `from … to − 1` as a leaf, or as many as they fill pages. */
  #writePieces(
    out: WriteSet,
    held: Runs,
    from: number,
    to: number,
    start: number,
    starts: number[],
  ): void {
    body.reset()
    const count = to - from
    const most = count === 1 ? Number.POSITIVE_INFINITY : pageBodyBytesMax
    const bytes = writeLeaf(body, this.#table, held, from, to, start, most)
    if (bytes <= most) {
      out.put(leafKey(this.#key, start), body.written())
      starts.push(start)
      return
    }
    const pieces = Math.min(count, Math.ceil(bytes / (pageBodyBytesMax * splitFill)))
    for (let piece = 0; piece < pieces; piece++) {
      const first = from + Math.floor((count * piece) / pieces)
      const behind = from + Math.floor((count * (piece + 1)) / pieces)
      const pieceStart = piece === 0 ? start : (held.firsts[first] ?? 0)
      this.#writePieces(out, held, first, behind, pieceStart, starts)
    }
  }
}

/** As it stands, whatever becomes of the header. */
const storedIn = ({ latestDay, firstHour, sizes }: Header, isGone: boolean): StoredSheet => ({
  latestDay,
  firstHour,
  sizes: isGone ? sizes : sizes.copy(),
  isGone,
})

/** One that is on disk, and not opened yet. */
const storedAt = (start: number): Leaf => ({
  start,
  entries: undefined,
  stored: undefined,
  isChanged: false,
})

/** Of a leaf, in memory that the next leaf's overwrite. */
const runsOf = ({ entries, stored }: Leaf): Runs => {
  runs.length = 0
  if (entries !== undefined) addEntries(runs, entries)
  else stored?.addTo(runs)
  return runs
}

const entriesIn = ({ ordinals, states }: Entries, from: number, to: number): Entries => ({
  ordinals: ordinals.subarray(from, to),
  states: states.subarray(from, to),
  length: to - from,
})
