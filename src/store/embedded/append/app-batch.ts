// All that one group of appends changes in one app, worked out in memory from what is on disk, in
// short slices and outside any transaction; then handed over as one set of writes. Throwing a stage
// away leaves no trace but new ids in the device table, which its owner then drops.
import { PLATFORMS } from '../../../ledger/channel.ts'
import { type Day, dayOfHour, type Hour, hoursPerDay, monthOf } from '../../../ledger/day.ts'
import type { DeviceList, MessageEvent, Told, ToldEvent } from '../../../ledger/event-batch.ts'
import type { MsgId } from '../../../ledger/ids.ts'
import type { App } from '../../../ledger/store.ts'
import { Sheet } from '../device-set/device-set.ts'
import type { DeviceTable } from '../devices/dictionary.ts'
import { lookUpMax } from '../devices/hash-index.ts'
import { Registrations } from '../devices/registrations.ts'
import { ByteWriter } from '../lmdb/bytes.ts'
import type { Environment } from '../lmdb/environment.ts'
import { devicesKey, type Metric, messageKey, type Scale, userSheetKey } from '../lmdb/key.ts'
import type { WriteSet } from '../lmdb/write-batch.ts'
import { Catalogue } from '../rollups/message-index.ts'
import type { StageMemory } from '../states/arena.ts'
import type { Numbering } from '../states/numbering.ts'
import { daySheets, monthSheets } from '../states/selections.ts'
import { factCode, StateTable } from '../states/state-table.ts'
import type { FactChunk } from './fact-sorter.ts'

// Facts of months stand beside those of days, which alone tell what was new.
const nobody = 0

/** A message, and the earliest and latest hour told of it. */
interface MessageTold {
  readonly about: 'message'
  readonly msgId: MsgId
  firstHour: Hour
  lastHour: Hour
}

interface UsersTold {
  readonly about: 'users'
  readonly scale: Scale
  readonly period: number
  readonly platform: number
  readonly metric: Metric
}

/** By event: the sheet and the code of its facts, and for those of users the sheet of the month. */
interface Targets {
  readonly sheets: Uint32Array
  readonly codes: Uint32Array
  readonly months: Uint32Array
}
const noSheet = 0xffffffff

const devicesBetweenYields = 1_024
const body = new ByteWriter()

export class Stage {
  readonly #app: App
  readonly #devices: DeviceTable
  readonly #environment: Environment
  readonly #firstDay: Day
  readonly #chunk: FactChunk
  readonly #memory: StageMemory
  /** By message, or what names a sheet of users. */
  readonly #sheetNumbers = new Map<string, number>()
  /** What each sheet is of, by its number. */
  readonly #subjects: (MessageTold | UsersTold)[] = []
  /** By number: those that were brought facts, and may be brought more. */
  readonly #open = new Map<number, Sheet>()
  readonly #numbering: Numbering
  readonly #messages: StateTable
  readonly #days = new StateTable(daySheets.selectionsOfCell)
  readonly #months = new StateTable(monthSheets.selectionsOfCell)
  readonly #catalogue: Catalogue
  readonly #registrations: Registrations
  readonly #firstNewDevice: number
  // Of the message event before: the next one is mostly of the same message, often of the same time.
  #msgId: MsgId | undefined
  #sheet = 0
  #atMs = Number.NaN
  #hour = 0
  #code = 0
  /** Facts that were new, by owner; place 0 is nobody's. */
  #fresh = new Uint32Array(64)

  /**
   * Messages whose latest day lies before `firstDay` are gone, and begin anew when told of. Chunk and
   * memory are lent until the stage is written.
   */
  constructor(
    app: App,
    devices: DeviceTable,
    environment: Environment,
    chunk: FactChunk,
    memory: StageMemory,
    firstDay: Day,
  ) {
    this.#app = app
    this.#chunk = chunk
    chunk.clear()
    this.#memory = memory
    memory.clear()
    this.#devices = devices
    this.#environment = environment
    this.#numbering = environment.numbering()
    this.#messages = new StateTable(this.#numbering.messages.selectionsOfCell)
    this.#firstDay = firstDay
    this.#catalogue = new Catalogue(app.id, environment)
    this.#registrations = new Registrations(app.id, app.zone, environment.read)
    this.#firstNewDevice = devices.count
  }

  /** How many facts of an owner (1, 2, …) were new. */
  freshOf(owner: number): number {
    return this.#fresh[owner] ?? 0
  }

  /**
   * Takes in all that one append tells. Facts reach their sheets by `write` at the latest. What was `found` of
   * the ordinals of its devices stands there, and the others are put beside it.
   */
  *apply(told: Told, owner: number, found: Uint32Array | undefined): Generator<void> {
    if (owner >= this.#fresh.length) {
      const grown = new Uint32Array(this.#fresh.length * 2)
      grown.set(this.#fresh)
      this.#fresh = grown
    }
    const { devices, eventOf, events } = told
    const ordinals = yield* this.#ordinalsOf(devices, found)
    const targets = yield* this.#targetsOf(events)
    const chunk = this.#chunk
    for (let i = 0; i < eventOf.length; i++) {
      const event = eventOf[i] as number
      const ordinal = ordinals[i] as number
      const sheet = targets.sheets[event] as number
      if (sheet === noSheet) this.#register(events[event], ordinal, owner)
      else {
        if (chunk.isFull) yield* this.#bring()
        chunk.add(sheet, ordinal, targets.codes[event] as number, owner)
        const inMonth = targets.months[event] as number
        if (inMonth !== noSheet) {
          if (chunk.isFull) yield* this.#bring()
          chunk.add(inMonth, ordinal, factCode(0, 0), nobody)
        }
      }
      if (i % devicesBetweenYields === 0) yield
    }
  }

  /** Brings the facts gathered last to their sheets, and hands over all that changed. */
  *write(out: WriteSet): Generator<void> {
    yield* this.#bring(out)
    for (const [number, sheet] of this.#open) yield* this.#close(number, sheet, out)
    yield* this.#writeDevices(out)
    yield* this.#registrations.write(out)
    yield* this.#catalogue.write(out)
  }

  /** Brings the facts gathered to their sheets; the last time each is written, and let go of, before the next. */
  *#bring(out?: WriteSet): Generator<void> {
    const chunk = this.#chunk
    yield* chunk.sort()
    const memory = this.#memory.mark()
    for (let from = 0; from < chunk.length; ) {
      const number = chunk.sheets[from] as number
      const sheet = this.#open.get(number) ?? this.#openSheet(number)
      let to = from + 1
      while (to < chunk.length && chunk.sheets[to] === number) to++
      while (from < to) {
        from = sheet.add(chunk, from, to, this.#fresh)
        yield
      }
      if (out === undefined) this.#open.set(number, sheet)
      else {
        yield* this.#close(number, sheet, out)
        this.#memory.release(memory)
      }
    }
    chunk.clear()
  }

  *#close(number: number, sheet: Sheet, out: WriteSet): Generator<void> {
    const subject = this.#subjects[number]
    if (subject?.about === 'message') {
      sheet.toldIn(subject.firstHour)
      sheet.toldIn(subject.lastHour)
      if (sheet.isChanged) this.#catalogue.follow(subject.msgId, sheet.stored, sheet.summary())
    }
    yield* sheet.write(out)
    this.#open.delete(number)
  }

  *#writeDevices(out: WriteSet): Generator<void> {
    if (this.#devices.count === this.#firstNewDevice) return
    for (const block of this.#devices.blocks.from(this.#firstNewDevice)) {
      body.reset()
      const first = this.#devices.writeBlock(body, block)
      out.put(devicesKey(this.#app.id, first), body.written())
      yield
    }
  }

  /** Where the facts of each event go. */
  *#targetsOf(events: readonly ToldEvent[]): Generator<void, Targets> {
    const sheets = this.#memory.numbers(events.length).fill(noSheet)
    const codes = this.#memory.numbers(events.length)
    const months = this.#memory.numbers(events.length).fill(noSheet)
    for (const [number, event] of events.entries()) {
      if (event.about === 'message') {
        sheets[number] = this.#sheetOf(event)
        codes[number] = this.#code
      } else if (event.about !== 'register') {
        const hour = this.#app.zone.hourOf(event.atMs)
        const day = dayOfHour(hour)
        const platform = PLATFORMS.indexOf(event.platform)
        sheets[number] = this.#userSheet('DAY', day, platform, event.about)
        codes[number] = factCode(hour % hoursPerDay, 0)
        months[number] = this.#userSheet('MONTH', monthOf(day), platform, event.about)
      }
      if (number % devicesBetweenYields === 0) yield
    }
    return { sheets, codes, months }
  }

  /** The sheet of its message, told of in its hour; the fact's code is in `#code`. */
  #sheetOf({ msgId, atMs, cell }: MessageEvent): number {
    if (atMs !== this.#atMs) {
      this.#atMs = atMs
      this.#hour = this.#app.zone.hourOf(atMs)
    }
    const hour = this.#hour
    if (msgId !== this.#msgId) {
      this.#msgId = msgId
      this.#sheet =
        this.#sheetNumbers.get(msgId) ??
        this.#number(msgId, { about: 'message', msgId, firstHour: hour, lastHour: hour })
    }
    const subject = this.#subjects[this.#sheet]
    if (subject?.about === 'message') {
      if (hour < subject.firstHour) subject.firstHour = hour
      if (hour > subject.lastHour) subject.lastHour = hour
    }
    this.#code = factCode(this.#numbering.storedCells[cell] as number, hour)
    return this.#sheet
  }

  #register(event: ToldEvent | undefined, ordinal: number, owner: number): void {
    if (event?.about !== 'register') throw new Error('only registrations have no sheet')
    if (this.#registrations.register(ordinal, event.platform, event.atMs)) {
      this.#fresh[owner] = (this.#fresh[owner] ?? 0) + 1
    }
  }

  *#ordinalsOf(devices: DeviceList, found: Uint32Array | undefined): Generator<void, Uint32Array> {
    const ordinals = found ?? this.#memory.numbers(devices.starts.length)
    for (let from = 0; from < ordinals.length; from += lookUpMax) {
      const to = Math.min(from + lookUpMax, ordinals.length)
      if (found === undefined) this.#devices.findOrAddAll(devices, from, to, ordinals)
      else this.#devices.addMissing(devices, from, to, ordinals)
      yield
    }
    return ordinals
  }

  #userSheet(scale: Scale, period: number, platform: number, metric: Metric): number {
    const name = `${scale} ${period} ${platform} ${metric}`
    return (
      this.#sheetNumbers.get(name) ??
      this.#number(name, { about: 'users', scale, period, platform, metric })
    )
  }

  #number(name: string, subject: MessageTold | UsersTold): number {
    this.#sheetNumbers.set(name, this.#subjects.length)
    return this.#subjects.push(subject) - 1
  }

  #openSheet(number: number): Sheet {
    const subject = this.#subjects[number] as MessageTold | UsersTold
    const { id } = this.#app
    const { read } = this.#environment
    if (subject.about === 'message') {
      const key = messageKey(id, subject.msgId)
      const kind = this.#numbering.messages
      return new Sheet(key, this.#messages, read, this.#memory, kind, this.#firstDay)
    }
    const { scale, period, platform, metric } = subject
    const key = userSheetKey(id, scale, period, platform, metric)
    return scale === 'DAY'
      ? new Sheet(key, this.#days, read, this.#memory, daySheets, 0)
      : new Sheet(key, this.#months, read, this.#memory, monthSheets, 0)
  }
}
