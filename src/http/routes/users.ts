// GET /v3/users: new, online and active devices per hour, day or month (VIP).
import { users } from '../../report/users.ts'
import { type AppEndpoint, ok } from '../endpoint/endpoint.ts'

export const usersRoute: AppEndpoint = {
  path: '/v3/users',
  method: 'GET',
  access: 'vip',
  answer: async ({ store, app, query, nowMs }) =>
    ok(await users.answer(store, [app], users.parse(query, app.zone, nowMs), nowMs)),
}
