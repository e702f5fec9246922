// GET /group/users: the users of a group's apps together, of the last 30 days.
import { openUsers, type UsersReport } from './users.ts'

export const groupUsers: UsersReport = openUsers({
  daysBack: 30,
  durationMax: { HOUR: undefined, DAY: 30, MONTH: 1 },
})
