// The numbers of /v3/users by day, as sums and as lines of a plot.
import type { UsersBody } from '../../../src/http/endpoint/wire.ts'
import { PLATFORMS, type Platform } from './channel.ts'

export const USER_NUMBERS = ['new', 'online', 'active'] as const
export type UserNumber = (typeof USER_NUMBERS)[number]

type UsersItem = UsersBody['items'][number]

/** Of all platforms: a device is of one. */
export const usersOn = (items: readonly UsersItem[], day: string, what: UserNumber): number => {
  const item = items.find(({ time }) => time === day)
  return PLATFORMS.reduce((sum, platform) => sum + (item?.[platform]?.[what] ?? 0), 0)
}

export interface PlatformLine {
  readonly platform: Platform
  /** One for each item. */
  readonly values: readonly number[]
}

/** Platforms without any such user have no line. */
export const platformLines = (
  items: readonly UsersItem[],
  what: UserNumber,
): readonly PlatformLine[] =>
  PLATFORMS.map((platform) => ({
    platform,
    values: items.map((item) => item[platform]?.[what] ?? 0),
  })).filter(({ values }) => values.some((value) => value > 0))
