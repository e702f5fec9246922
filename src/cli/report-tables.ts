// The answers of the reports as tables. Every number of a message is a number of distinct devices; over
// several messages they add up only to deliveries, and the table says so.
import type {
  Count,
  CountsBody,
  MessagesDetailItem,
  MessagesItem,
  StatusBody,
  UsersBody,
} from '../http/endpoint/wire.ts'
import { STATUS } from '../ledger/status.ts'
import { type Column, columnsOf, count, countOrDash, share } from './columns.ts'
import { detailParts, messageParts, type Part } from './report-parts.ts'
import { Refused } from './usage.ts'

const text = (name: string): Column => ({ name, isNumber: false })
const number = (name: string): Column => ({ name, isNumber: true })

const deliveries = 'deliveries'
const deliveriesNote = `${deliveries}: devices added up over the messages, one that got two counts twice`

/** Of received and received-detail: a message a row, a count a column, newer ones where told. */
export const receivedTable = (answer: string): string => {
  const items = parseReceived(answer)
  const names = [...new Set(items.flatMap(({ counts }) => Object.keys(counts)))]
  const rows = items.map(({ msgId, counts }) => [
    msgId,
    ...names.map((name) => countOrDash(counts[name])),
  ])
  const sums = names.map((name) => sumOf(items.map(({ counts }) => counts[name])))
  const columns = [text('MESSAGE'), ...names.map((name) => number(headOf(name)))]
  if (items.length < 2) return columnsOf(columns, rows)
  const total = [deliveries, ...sums.map(countOrDash)]
  return `${columnsOf(columns, [...rows, total])}\n\n${deliveriesNote}`
}

const headOf = (name: string): string => name.replaceAll('_', ' ').toUpperCase()

export const messagesTable = (answer: string): string =>
  stagesTable(parseItems<MessagesItem>(answer), messageParts)

export const messagesDetailTable = (answer: string): string =>
  stagesTable(parseItems<MessagesDetailItem>(answer), detailParts)

interface StageColumn {
  readonly head: string
  readonly cell: (part: Part) => string
}

const countColumn = (head: string, stage: string): StageColumn => ({
  head,
  cell: ({ stages }) => countOrDash(stages[stage]),
})

const shareColumn = (head: string, part: string, whole: string): StageColumn => ({
  head,
  cell: ({ stages, rows = [] }) => {
    const channels = whole === 'target' ? [] : rows
    const ratios = channels.map((row) => ({ part: row[part] ?? 0, whole: row[whole] ?? 0 }))
    return share(stages[part], stages[whole], ratios)
  },
})

const stageColumns: readonly StageColumn[] = [
  countColumn('TARGET', 'target'),
  countColumn('ONLINE', 'online'),
  countColumn('SENT', 'sent'),
  countColumn('RECEIVED', 'received'),
  shareColumn('OF TARGET', 'received', 'target'),
  countColumn('SHOWN', 'display'),
  countColumn('CLICKED', 'click'),
  shareColumn('OF RECEIVED', 'click', 'received'),
  countColumn('MSG CLICKED', 'msgClick'),
]

/** A row for each part of a message that has a number; columns without any are left out. */
const stagesTable = <Item extends { readonly msg_id: string | number }>(
  items: readonly Item[],
  partsOf: (item: Item) => readonly Part[],
): string => {
  const groups = items.map((item) => ({ name: String(item.msg_id), parts: partsOf(item) }))
  const isMany = groups.length > 1
  const all = isMany ? [...groups, { name: deliveries, parts: sumOfParts(groups) }] : groups
  const rows = all.flatMap(({ name, parts }) => {
    const told = parts.filter(({ stages }) => Object.values(stages).some(isThere))
    if (told.length === 0) return [[name, '-', ...stageColumns.map(() => '-')]]
    return told.map((part, i) => {
      return [i === 0 ? name : '', part.part, ...stageColumns.map(({ cell }) => cell(part))]
    })
  })
  const columns = [text('MESSAGE'), text('BY'), ...stageColumns.map(({ head }) => number(head))]
  const used = columns.map((_, i) => i < 2 || rows.some((row) => row[i] !== '-'))
  const pick = <T>(cells: readonly T[]): T[] => cells.filter((_, i) => used[i])
  const table = columnsOf(pick(columns), rows.map(pick))
  return isMany ? `${table}\n\n${deliveriesNote}` : table
}

const sumOfParts = (groups: readonly { readonly parts: readonly Part[] }[]): Part[] => {
  const names = [...new Set(groups.flatMap(({ parts }) => parts.map(({ part }) => part)))]
  return names.map((part) => {
    const same = groups.flatMap(({ parts }) => parts.filter((each) => each.part === part))
    const stages = [...new Set(same.flatMap((each) => Object.keys(each.stages)))]
    const sums = stages.map((stage) => [stage, sumOf(same.map((each) => each.stages[stage]))])
    const rows = same.flatMap((each) => each.rows ?? [each.stages])
    return { part, stages: Object.fromEntries(sums), rows }
  })
}

const isThere = (value: Count | undefined): value is number => value !== null && value !== undefined

const sumOf = (counts: readonly (Count | undefined)[]): Count => {
  const there = counts.filter(isThere)
  return there.length === 0 ? null : there.reduce((sum, value) => sum + value, 0)
}

const statusWords: readonly (readonly [number, string])[] = [
  [STATUS.delivered, 'delivered'],
  [STATUS.notDelivered, 'not delivered'],
  [STATUS.notOfThisApp, 'not a device of this app'],
  [STATUS.notATarget, 'not a target'],
  [STATUS.unreadable, 'could not be read'],
]

/** In the order asked. */
export const statusTable = (answer: string, devices: readonly string[]): string => {
  const byDevice = parseStatuses(answer)
  const words = new Map(statusWords)
  const rows = devices.map((device) => {
    const status = byDevice.get(device)
    return [device, String(status ?? '-'), words.get(status ?? -1) ?? '-']
  })
  const totals = statusWords.flatMap(([status, word]) => {
    const times = rows.filter(([, told]) => told === String(status)).length
    return times === 0 ? [] : [`${count(times)} ${word}`]
  })
  const table = columnsOf([text('REGISTRATION ID'), number('STATUS'), text('')], rows)
  return `${table}\n\n${count(devices.length)} devices: ${totals.join(', ')}`
}

const platforms = ['android', 'ios', 'winphone', 'hmos', 'quickapp'] as const
const events = ['new', 'online', 'active'] as const

/** A slot a row. Only new devices add up: one may be active in every slot. */
export const usersTable = (answer: string): string => {
  const { items, time_unit } = parseUsers(answer)
  const told = platforms.filter((platform) => items.some((item) => item[platform] !== undefined))
  const shown = told.length === 0 ? platforms.slice(0, 1) : told
  const columns = shown.flatMap((platform) =>
    events.map((event) => number(`${platform.toUpperCase()} ${event.toUpperCase()}`)),
  )
  const rows = items.map((item) => [
    item.time,
    ...shown.flatMap((platform) => events.map((event) => countOrDash(item[platform]?.[event]))),
  ])
  const total = shown.flatMap((platform) => [
    countOrDash(sumOf(items.map((item) => item[platform]?.new))),
    '',
    '',
  ])
  const all = items.length > 1 ? [...rows, ['all', ...total]] : rows
  return columnsOf([text(time_unit), ...columns], all)
}

// Of an answer only the outermost shape is looked at: enough to know that it is a pushledger server's.

const parseItems = <Item>(answer: string): readonly Item[] => {
  const items: unknown = JSON.parse(answer)
  return Array.isArray(items) ? (items as Item[]) : notOurs()
}

const parseReceived = (answer: string): { msgId: string; counts: CountsBody }[] =>
  parseItems<{ msg_id: string } & CountsBody>(answer).map(({ msg_id, ...counts }) => {
    return { msgId: msg_id, counts }
  })

const parseUsers = (answer: string): UsersBody => {
  const users = JSON.parse(answer) as Partial<UsersBody> | null
  return Array.isArray(users?.items) ? (users as UsersBody) : notOurs()
}

/** A map, since an object has names of its own. */
const parseStatuses = (answer: string): Map<string, number> => {
  const entries = Object.entries(JSON.parse(answer) as StatusBody)
  return new Map(entries.map(([device, { status }]) => [device, status]))
}

const notOurs = (): never => {
  throw new Refused('the answer is none of a pushledger server: see --url')
}
