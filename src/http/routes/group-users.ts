// GET /v3/group/users: the users of a group's apps together.
import { groupUsers } from '../../report/group-users.ts'
import { type GroupEndpoint, ok } from '../endpoint/endpoint.ts'

export const groupUsersRoute: GroupEndpoint = {
  path: '/v3/group/users',
  method: 'GET',
  access: 'group',
  answer: async ({ store, group, query, nowMs }) => {
    const ask = groupUsers.parse(query, group.zone, nowMs)
    return ok(await groupUsers.answer(store, [...group.apps.values()], ask, nowMs))
  },
}
