// GET /group/users: the users of a group's apps together, of the last 30 days.
import { openUsers, type UsersLimits, type UsersReport } from './users.ts'

export const GROUP_USERS_LIMITS: UsersLimits = {
  daysBack: 30,
  durationMax: { HOUR: undefined, DAY: 30, MONTH: 1 },
}

export const groupUsers: UsersReport = openUsers(GROUP_USERS_LIMITS)
