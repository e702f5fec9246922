// What a gateway tells of a group push: one id, and the message that each app sent for it. Parsed
// here; whether the apps are the group's own is not known.

import { Fault } from '../ledger/fault.ts'
import {
  type AppKey,
  type GroupMsgId,
  groupMsgIdBytesMax,
  type MsgId,
  parseAppKey,
  parseGroupMsgId,
} from '../ledger/ids.ts'
import { type JsonObject, parseObject } from '../runtime/json.ts'

export interface GroupPushTold {
  readonly id: GroupMsgId
  readonly messages: ReadonlyMap<AppKey, MsgId>
}

/** `{"group_msgid":"…","messages":{"<appKey>":<msg_id>,…}}`; throws badParameter. */
export const parseGroupPush = (body: Uint8Array): GroupPushTold => {
  const told = parseObject(body)
  return { id: idOf(told.value('group_msgid')), messages: messagesOf(told.object('messages')) }
}

const idOf = (value: unknown): GroupMsgId => {
  const id = typeof value === 'string' ? parseGroupMsgId(value) : undefined
  if (id !== undefined) return id
  const rule = `text of 1 to ${groupMsgIdBytesMax} bytes without control characters, blanks and commas`
  throw bad(`group_msgid must be ${rule}`)
}

const messagesOf = (told: JsonObject | undefined): ReadonlyMap<AppKey, MsgId> => {
  const names = [...(told?.names ?? [])]
  if (told === undefined || names.length === 0) {
    throw bad('messages must be an object of one msg_id for each appKey')
  }
  return new Map(names.map((name) => [keyOf(name), messageOf(name, told.msgId(name))]))
}

const keyOf = (text: string): AppKey => {
  const key = parseAppKey(text)
  if (key !== undefined) return key
  throw bad('messages may hold only appKeys, 24 lowercase hexadecimal digits each')
}

const messageOf = (key: string, id: MsgId | undefined): MsgId => {
  if (id !== undefined) return id
  throw bad(`the msg_id of ${key} must be an integer from 1 to 9223372036854775807`)
}

const bad = (message: string): Fault => new Fault('badParameter', message)
