// GET /v3/group/messages/detail: the stages of a group push per channel.
import type { GroupPushes } from '../../apps/group-pushes.ts'
import { groupMessagesDetail } from '../../report/group-messages-detail.ts'
import { type GroupEndpoint, ok } from '../endpoint/endpoint.ts'

export const groupMessagesDetailRoute = (pushes: GroupPushes): GroupEndpoint => ({
  path: '/v3/group/messages/detail',
  method: 'GET',
  access: 'group',
  answer: async ({ store, group, query, nowMs }) => {
    const ids = groupMessagesDetail.parse(query)
    const found = await pushes.find(group, ids, nowMs)
    const asked = ids.map((id, i) => ({ id, parts: found[i] ?? [] }))
    return ok(await groupMessagesDetail.answer(store, asked, nowMs))
  },
})
