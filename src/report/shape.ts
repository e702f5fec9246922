// Turns the sizes that an engine counted into the text of an answer, by the rows of the field table:
// a field of the page is always there and null for zero, a newer one only when it is not zero. The
// plan of each report is made once. No report has code of its own for any field.

import type { MessageReport } from '../ledger/field.ts'
import type { MsgId } from '../ledger/ids.ts'
import { type Counts, fieldsOf, selectionOf } from '../ledger/selection.ts'

interface NumberMember {
  readonly key: string
  readonly selection: number
  readonly always: boolean
}

interface ObjectMember {
  readonly key: string
  readonly members: Member[]
  /** Present without data too, as `{}`. */
  always: boolean
}

type Member = NumberMember | ObjectMember

/** Writes the item of one message. */
export type Shape = (msgId: MsgId, counts: Counts) => string

/** Writes the members of an item but for its ids. */
export type CountsShape = (counts: Counts) => string

// Today's clients crash where this object of theirs is missing or null.
export const alwaysThere = 'details'

/** How the reports differ in telling the id of an item. */
export const MSG_ID_RULES: Readonly<Record<MessageReport, { last: boolean; bare: boolean }>> = {
  '/received': { last: false, bare: false },
  '/received/detail': { last: false, bare: false },
  '/messages': { last: true, bare: false },
  '/messages/detail': { last: false, bare: true },
}

export const openShape = (report: MessageReport): Shape => {
  const numbersOf = openCountsShape(report)
  const { last, bare } = MSG_ID_RULES[report]
  return (msgId, counts) => {
    // A bare number only while a client that reads it as a double loses no digit.
    const isBare = bare && Number(msgId) <= Number.MAX_SAFE_INTEGER
    const id = `"msg_id":${isBare ? msgId : `"${msgId}"`}`
    const numbers = numbersOf(counts)
    return last ? `{${numbers},${id}}` : `{${id},${numbers}}`
  }
}

export const openCountsShape = (report: MessageReport): CountsShape => {
  const members = planOf(report)
  return (counts) => write(members, counts)
}

const planOf = (report: MessageReport): readonly Member[] => {
  const top: ObjectMember = { key: '', members: [], always: true }
  for (const field of fieldsOf(report)) {
    const isOfThePage = field.since === 'page'
    let parent = top
    for (const name of field.path.slice(0, -1)) {
      parent = memberOf(parent, name)
      parent.always ||= isOfThePage || name === alwaysThere
    }
    const key = keyOf(field.path.at(-1) ?? '')
    parent.members.push({ key, selection: selectionOf(field), always: isOfThePage })
  }
  return top.members
}

const memberOf = (parent: ObjectMember, name: string): ObjectMember => {
  const key = keyOf(name)
  const known = parent.members.find((member) => member.key === key)
  if (known !== undefined && 'members' in known) return known
  const fresh: ObjectMember = { key, members: [], always: false }
  parent.members.push(fresh)
  return fresh
}

const keyOf = (name: string): string => `${JSON.stringify(name)}:`

const write = (members: readonly Member[], counts: Counts): string => {
  let text = ''
  for (const member of members) {
    const value = 'members' in member ? objectText(member, counts) : numberText(member, counts)
    if (value !== '') text += `${text === '' ? '' : ','}${member.key}${value}`
  }
  return text
}

const numberText = ({ selection, always }: NumberMember, counts: Counts): string => {
  const size = counts[selection] ?? 0
  if (size > 0) return String(size)
  return always ? 'null' : ''
}

const objectText = ({ members, always }: ObjectMember, counts: Counts): string => {
  const inner = write(members, counts)
  return inner !== '' || always ? `{${inner}}` : ''
}
