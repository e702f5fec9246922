// The numbers of a message, or of a day of messages, as rows: one for each platform, channel and kind
// that `details` of /v3/messages/detail holds. Windows Phone stands beside `details`, in an old place.
import type {
  CountsBody,
  KindDetails,
  MessagesDetailItem,
} from '../../../src/http/endpoint/wire.ts'
import { CHANNELS, type Channel, PLATFORMS, type Platform } from './channel.ts'
import { type Counts, countsOf, isEmpty, STAGES, sum } from './stage.ts'

export type Kind = 'notification' | 'message'
export const KINDS: readonly Kind[] = ['notification', 'message']

export interface ChannelCounts {
  readonly platform: Platform
  readonly channel: Channel
  readonly kind: Kind
  readonly counts: Counts
}

export type Detail = Omit<MessagesDetailItem, 'msg_id'>

/** By which names `details` knows the channels. */
const channelOfName: Readonly<Record<string, Channel>> = {
  jg_android: 'jpush',
  jg_ios: 'jpush',
  quick_jg: 'jpush',
  xiaomi: 'xm',
  quick_xiaomi: 'xm',
  huawei: 'hw',
  quick_huawei: 'hw',
  quick_oppo: 'oppo',
  honor: 'honor',
  meizu: 'mz',
  oppo: 'oppo',
  vivo: 'vivo',
  asus: 'asus',
  fcm: 'fcm',
  nio: 'nio',
  apns: 'apns',
  hmpns: 'hmpns',
}

const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0)

const countsOfBody = (body: CountsBody | KindDetails): Counts =>
  countsOf(Object.fromEntries(STAGES.map((stage) => [stage, numberOf(body[stage])])))

const rowsOfKind = (kind: Kind, details: KindDetails): readonly ChannelCounts[] =>
  PLATFORMS.flatMap((platform) => {
    const channels = details[`sub_${platform}`]
    if (typeof channels !== 'object') return []
    return Object.entries(channels).flatMap(([name, body]) => {
      const channel = channelOfName[name]
      return channel === undefined ? [] : [{ platform, channel, kind, counts: countsOfBody(body) }]
    })
  })

const winphoneOf = ({ winphone }: Detail): ChannelCounts => ({
  platform: 'winphone',
  channel: 'mpns',
  kind: 'notification',
  counts: countsOf({
    target: numberOf(winphone['mpns_target']),
    sent: numberOf(winphone['mpns_sent']),
    click: numberOf(winphone['click']),
  }),
})

export const channelCountsOf = (detail: Detail): readonly ChannelCounts[] =>
  [
    ...KINDS.flatMap((kind) => rowsOfKind(kind, detail.details[kind] ?? {})),
    winphoneOf(detail),
  ].filter(({ counts }) => !isEmpty(counts))

/** Distinct devices of a kind, over all channels. */
export const totalOf = (detail: Detail, kind: Kind): Counts =>
  countsOfBody(detail.details[kind] ?? {})

export const totalOfKinds = (detail: Detail): Counts =>
  sum(KINDS.map((kind) => totalOf(detail, kind)))

export const GROUPINGS = ['channel', 'vendor', 'platform'] as const
export type Grouping = (typeof GROUPINGS)[number]

export interface CountsGroup {
  readonly id: string
  readonly platform?: Platform
  readonly channel?: Channel
  readonly counts: Counts
  /** Those that it adds up. */
  readonly rows: readonly Counts[]
}

const idOf = ({ platform, channel }: ChannelCounts, grouping: Grouping): string => {
  if (grouping === 'channel') return `${platform} ${channel}`
  return grouping === 'vendor' ? channel : platform
}

/** Rows added up by what they have in common, those that went to most devices first. */
export const groupsOf = (
  rows: readonly ChannelCounts[],
  grouping: Grouping,
): readonly CountsGroup[] => {
  const groups = new Map<string, ChannelCounts[]>()
  for (const row of rows) {
    const id = idOf(row, grouping)
    groups.set(id, [...(groups.get(id) ?? []), row])
  }
  const made = [...groups].map(([id, members]): CountsGroup => {
    const { platform, channel } = members[0] as ChannelCounts
    const counts = members.map((member) => member.counts)
    return {
      id,
      ...(grouping !== 'vendor' && { platform }),
      ...(grouping !== 'platform' && { channel }),
      counts: sum(counts),
      rows: counts,
    }
  })
  return made.sort((a, b) => b.counts.target - a.counts.target || orderOf(a) - orderOf(b))
}

const orderOf = ({ channel, platform }: CountsGroup): number =>
  (channel === undefined ? 0 : CHANNELS.indexOf(channel)) +
  (platform === undefined ? 0 : PLATFORMS.indexOf(platform) * CHANNELS.length)
