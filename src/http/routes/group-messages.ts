// POST /v1/group/messages: tells which message of each app a group push was.
import type { GroupPushes, NotTold } from '../../apps/group-pushes.ts'
import { parseGroupPush } from '../../ingest/group-push.ts'
import { Fault } from '../../ledger/fault.ts'
import { type GroupEndpoint, ok } from '../endpoint/endpoint.ts'
import type { GroupMessagesBody } from '../endpoint/wire.ts'

// A hundred apps with their messages take less than six.
const bodyBytesMax = 65_536

export const groupMessagesRoute = (pushes: GroupPushes): GroupEndpoint => ({
  path: '/v1/group/messages',
  method: 'POST',
  access: 'group feed',
  answer: async ({ group, body, nowMs }) => {
    const { id, messages } = parseGroupPush(await body(bodyBytesMax))
    const apps = await pushes.tell(group, id, messages, nowMs)
    if (typeof apps !== 'number') throw new Fault('badParameter', sentenceOf(id, apps))
    const told: GroupMessagesBody = { group_msgid: id, apps }
    return ok(JSON.stringify(told))
  },
})

const sentenceOf = (id: string, { why, app }: NotTold): string =>
  why === 'no member'
    ? `${app} is no app of this group`
    : `${id} stands for another message of ${app} already`
