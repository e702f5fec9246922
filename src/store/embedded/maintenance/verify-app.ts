// What belongs to one app, checked for its sense: devices are numbered densely and once, sizes are those
// of the sets, nothing stands without what it belongs to.
import type { AppRecord } from '../../../apps/app-table.ts'
import { type Hour, openZone, type Zone } from '../../../ledger/day.ts'
import type { MsgId } from '../../../ledger/ids.ts'
import { spanOf } from '../device-set/header.ts'
import { recount } from '../device-set/recount.ts'
import { checkBlock, countDevices } from '../devices/block.ts'
import { DeviceTable } from '../devices/dictionary.ts'
import { blockDevices } from '../devices/id-block.ts'
import { newUserOf, readNewUsers, readRegistrations } from '../devices/registrations.ts'
import type { Environment } from '../lmdb/environment.ts'
import {
  blockOfKey,
  deviceBlocks,
  headerOfLeaf,
  type KeyRange,
  leafKey,
  leavesOf,
  listed,
  messageHeaders,
  messageKey,
  msgIdOfKey,
  newUsersKey,
  ordinalOfKey,
  readListedKey,
  registrationBlocks,
  scaleOfKey,
  userSheetHeaders,
} from '../lmdb/key.ts'
import { eachKey } from '../query/scan.ts'
import { isListed, readOffsets } from '../rollups/hour-index.ts'
import { daySheets, monthSheets, type SheetKind } from '../states/selections.ts'
import { found, nameOf, type Watch } from './finding.ts'
import { checkDays } from './verify-days.ts'

const leavesMax = 2 ** 32

interface Kind {
  readonly name: (key: Uint8Array) => string
  readonly sheets: (key: Uint8Array) => SheetKind
}

/** User statistics of days before `firstDay` may be swept. */
export const verifyApp = (
  environment: Environment,
  app: AppRecord,
  firstDay: number,
  watch: Watch,
): { readonly devices: number; readonly messages: number } => {
  const about = (what: string) => `${what} of app ${app.key}`
  const messageKind: Kind = {
    name: (key) => about(`message ${msgIdOfKey(key)}`),
    sheets: () => environment.numbering().messages,
  }
  const userKind: Kind = {
    name: (key) => about(`users under ${nameOf(key)}`),
    sheets: (key) => (scaleOfKey(key) === 'DAY' ? daySheets : monthSheets),
  }
  watch.onPlace(about('the devices'))
  environment.refresh()
  const devices =
    found(watch, about('the devices'), () => checkDevices(environment, app.id))[0] ?? 0
  const zone = openZone(app.timeZone)
  if (zone === undefined) {
    watch.onFinding({ where: about('the time zone'), what: `${app.timeZone} is not known here` })
  } else {
    watch.onPlace(about('the registrations'))
    environment.refresh()
    found(watch, about('the registrations'), () =>
      checkRegistrations(environment, app.id, zone, firstDay),
    )
  }
  const messages = checkSheets(environment, app.id, messageHeaders(app.id), messageKind, watch)
  checkSheets(environment, app.id, userSheetHeaders(app.id), userKind, watch)
  checkList(environment, app.id, messageKind, watch)
  checkDays(environment, app.id, about, watch)
  return { devices, messages }
}

/** Every message is listed in its first hour, once, and nothing else is listed. */
const checkList = (environment: Environment, appId: number, kind: Kind, watch: Watch): void => {
  const spanAt = (key: Uint8Array) => {
    environment.refresh()
    const body = environment.read(key)
    return body && spanOf(body)
  }
  let end = -1n
  let hourBefore: Hour | undefined
  eachKey(environment, listed(appId), (key) => {
    const { hour, id: start } = readListedKey(key)
    const name = `the list of messages under ${nameOf(key)}`
    watch.onPlace(name)
    const offsets = found(watch, name, () => readOffsets(environment.read(key)))[0] ?? []
    const ids = offsets.map((offset) => start + BigInt(offset))
    if (ids.some((id, i) => i > 0 && id === ids[i - 1]) || (hour === hourBefore && start <= end)) {
      watch.onFinding({ where: name, what: 'a message stands in it twice' })
    }
    hourBefore = hour
    end = ids.at(-1) ?? start
    for (const id of ids) {
      const msgId = String(id) as MsgId
      const header = messageKey(appId, msgId)
      found(watch, kind.name(header), () => {
        const isThere = spanAt(header)?.firstHour === hour
        // It may have ended, or got an earlier fact, since the walk came by.
        if (isThere || !isListed(environment, appId, hour, msgId)) return
        throw new Error(`it is listed in hour ${hour}, and is not there`)
      })
    }
  })
  eachKey(environment, messageHeaders(appId), (header) => {
    found(watch, kind.name(header), () => {
      const span = spanAt(header)
      if (span === undefined) return
      if (isListed(environment, appId, span.firstHour, msgIdOfKey(header) as MsgId)) return
      throw new Error('it is not in the list of messages')
    })
  })
}

/** How many devices there are; throws where they are not numbered densely, and each once. */
const checkDevices = (environment: Environment, appId: number): number => {
  const table = new DeviceTable(0)
  const blocks = environment.keysIn(deviceBlocks(appId), Number.MAX_SAFE_INTEGER)
  for (const key of blocks) {
    if (ordinalOfKey(key) !== table.count) {
      throw new Error(`the block of the devices from ${table.count} on is missing`)
    }
    const body = environment.read(key)
    if (body === undefined) continue
    const own = Uint8Array.from(body)
    checkBlock(own)
    table.readBlock(own)
  }
  const twice = table.firstTwice()
  if (twice !== undefined) throw new Error(`the device ${twice} has two numbers`)
  return table.count
}

const checkRegistrations = (
  environment: Environment,
  appId: number,
  zone: Zone,
  firstDay: number,
): void => {
  const counted = new Map<number, number[]>()
  for (const key of environment.keysIn(registrationBlocks(appId), Number.MAX_SAFE_INTEGER)) {
    const body = environment.read(key)
    if (body === undefined) continue
    const from = blockOfKey(key) * blockDevices
    for (const [i, registration] of readRegistrations(body).entries()) {
      if (registration === 0) continue
      if (from + i >= countDevices(environment, appId)) {
        throw new Error(`device number ${from + i} registered, and is none`)
      }
      const { day, place } = newUserOf(registration, zone)
      const users = counted.get(day) ?? readNewUsers(undefined)
      users[place] = (users[place] ?? 0) + 1
      counted.set(day, users)
    }
  }
  for (const [day, users] of counted) {
    if (day < firstDay) continue
    const kept = readNewUsers(environment.read(newUsersKey(appId, day)))
    if (users.join() !== kept.join()) {
      throw new Error(`the new users kept of day ${day} are not those that registered on it`)
    }
  }
}

/** How many sheets there are. */
const checkSheets = (
  environment: Environment,
  appId: number,
  headers: KeyRange,
  kind: Kind,
  watch: Watch,
): number => {
  let sheets = 0
  eachKey(environment, headers, (key) => {
    sheets += 1
    watch.onPlace(kind.name(key))
    environment.refresh()
    found(watch, kind.name(key), () => checkSheet(environment, appId, key, kind))
  })
  let headerBefore = ''
  eachKey(environment, leavesOf(headers), (leaf) => {
    const header = headerOfLeaf(leaf)
    const name = nameOf(header)
    if (name === headerBefore) return
    headerBefore = name
    // Both of one snapshot: a message may end while it is looked at.
    environment.refresh()
    if (environment.db.doesExist(header) || !environment.db.doesExist(leaf)) return
    watch.onFinding({ where: kind.name(header), what: 'its leaves stand without their header' })
  })
  return sheets
}

const checkSheet = (environment: Environment, appId: number, key: Uint8Array, kind: Kind): void => {
  const body = environment.read(key)
  if (body === undefined) return
  const { read } = environment
  const sheets = kind.sheets(key)
  const { header, sizes, latestFactDay, firstFactHour, ordinalsEnd } = recount(
    key,
    body,
    read,
    sheets,
  )
  const keptSizes = header.sizes.dense(sheets.sizeCount)
  for (let i = 0; i < sheets.sizeCount; i++) {
    if ((sheets.since[i] ?? 0) > header.revision) continue
    const [kept, counted] = [keptSizes[i] ?? 0, sizes[i] ?? 0]
    if (kept !== counted) {
      throw new Error(`its size ${i} is kept as ${kept}, and its set has ${counted}`)
    }
  }
  if (latestFactDay > header.latestDay) throw new Error('it has a fact after its latest day')
  if (header.latestDay > 0 && firstFactHour !== header.firstHour) {
    throw new Error('its earliest fact is not in its first hour')
  }
  if (ordinalsEnd > countDevices(environment, appId)) {
    throw new Error(`device number ${ordinalsEnd - 1} is none of the app`)
  }
  const leaves = { start: leafKey(key, 0), end: leafKey(key, leavesMax - 1) }
  if (environment.keysIn(leaves, header.leafStarts.length + 1).length > header.leafStarts.length) {
    throw new Error('it has leaves that its header does not name')
  }
}
