// The field table: every number of every message report, with the facts it counts. Reports, engines,
// tests and the reference pages all read it. A new field is a new row; headers on disk hold a size for each
// selection, so a new selection is a new version of the disk format as well. A number is
// the size of a union: the distinct devices with at least one fact in any cell of the selection.
import {
  type Cell,
  CHANNEL_NAMES,
  type Channel,
  cellOf,
  KINDS,
  type Kind,
  PLATFORMS,
  type Platform,
  type Stage,
  VENDORS,
} from './channel.ts'

export const MESSAGE_REPORTS = [
  '/received',
  '/received/detail',
  '/messages',
  '/messages/detail',
] as const
export type MessageReport = (typeof MESSAGE_REPORTS)[number]

export interface Field {
  readonly report: MessageReport
  /** Where the number stands in an item of the answer, objects outermost first. */
  readonly path: readonly string[]
  /** The selection, in words, for the reference page. */
  readonly counts: string
  readonly cells: readonly Cell[]
  /** `page`: always present, null for zero. `newer`: present only when it is not zero. */
  readonly since: 'page' | 'newer'
}

interface Where {
  readonly platform?: Platform
  readonly channel?: readonly Channel[]
  readonly kind?: Kind
}

const own: readonly Where[] = [
  { platform: 'android', channel: ['jpush'] },
  { platform: 'ios', channel: ['jpush'], kind: 'message' },
]
// A notification of our own channel is always Android's: on ios jpush carries messages alone.
const ownNotification: Where = { platform: 'android', channel: ['jpush'], kind: 'notification' }
const ownMessage: readonly Where[] = own.map((where) => ({ ...where, kind: 'message' }))
const vendor: Where = { platform: 'android', channel: VENDORS }
const apns: Where = { platform: 'ios', channel: ['apns'] }
const iosMessage: Where = { platform: 'ios', channel: ['jpush'], kind: 'message' }
const mpns: Where = { platform: 'winphone', channel: ['mpns'] }

const select = (wheres: readonly Where[], stage: Stage): readonly Cell[] => {
  const cells: Cell[] = []
  for (const { platform, channel, kind } of wheres) {
    for (const p of platform === undefined ? PLATFORMS : [platform]) {
      for (const c of channel ?? CHANNEL_NAMES) {
        for (const k of kind === undefined ? KINDS : [kind]) {
          const cell = cellOf(p, c, k, stage)
          if (cell !== undefined) cells.push(cell)
        }
      }
    }
  }
  return cells.sort((a, b) => a - b)
}

const words = (wheres: readonly Where[], stage: Stage): string => {
  const phrases = wheres.map(({ platform, channel, kind }) =>
    [
      platform ?? 'every platform',
      channel === undefined ? 'any channel' : channel.join('/'),
      ...(kind === undefined ? [] : [kind]),
    ].join(', '),
  )
  return `${phrases.join(' or ')}: ${stage}`
}

const rows = (report: MessageReport, since: Field['since'], at: readonly string[] = []) => {
  return (name: string, where: Where | readonly Where[], stage: Stage): Field => {
    const wheres = Array.isArray(where) ? (where as readonly Where[]) : [where as Where]
    const path = [...at, name]
    return { report, path, counts: words(wheres, stage), cells: select(wheres, stage), since }
  }
}

const received = rows('/received', 'page')
const detail = rows('/received/detail', 'page')
const detailNewer = rows('/received/detail', 'newer')

const receivedFields: readonly Field[] = [
  received('android_received', { platform: 'android' }, 'received'),
  received('ios_apns_sent', apns, 'sent'),
  received('ios_apns_received', apns, 'received'),
  received('ios_msg_received', iosMessage, 'received'),
  received('wp_mpns_sent', mpns, 'sent'),
]

const receivedDetailFields: readonly Field[] = [
  detail('jpush_received', own, 'received'),
  detail('android_pns_sent', vendor, 'sent'),
  detail('ios_apns_sent', apns, 'sent'),
  detail('ios_apns_received', apns, 'received'),
  detail('ios_msg_received', iosMessage, 'received'),
  detail('wp_mpns_sent', mpns, 'sent'),
  detailNewer('android_pns_received', vendor, 'received'),
  detailNewer('quickapp_jpush_received', { platform: 'quickapp', channel: ['jpush'] }, 'received'),
  detailNewer('quickapp_pns_sent', { platform: 'quickapp', channel: ['xm', 'hw', 'oppo'] }, 'sent'),
  detailNewer('hmos_hmpns_sent', { platform: 'hmos', channel: ['hmpns'] }, 'sent'),
  detailNewer('hmos_hmpns_received', { platform: 'hmos', channel: ['hmpns'] }, 'received'),
  detailNewer(
    'hmos_msg_received',
    { platform: 'hmos', channel: ['jpush'], kind: 'message' },
    'received',
  ),
]

const android = rows('/messages', 'page', ['android'])
const ios = rows('/messages', 'page', ['ios'])
const winphone = rows('/messages', 'page', ['winphone'])

const messagesFields: readonly Field[] = [
  android('received', { platform: 'android' }, 'received'),
  android('target', { platform: 'android' }, 'target'),
  android('online_push', { platform: 'android', channel: ['jpush'] }, 'online_push'),
  android('click', { platform: 'android', kind: 'notification' }, 'click'),
  android('msg_click', { platform: 'android', kind: 'message' }, 'click'),
  ios('apns_sent', apns, 'sent'),
  ios('apns_target', apns, 'target'),
  ios('apns_received', apns, 'received'),
  ios('click', { platform: 'ios', kind: 'notification' }, 'click'),
  ios('target', iosMessage, 'target'),
  ios('received', iosMessage, 'received'),
  winphone('mpns_target', mpns, 'target'),
  winphone('mpns_sent', mpns, 'sent'),
  winphone('click', mpns, 'click'),
]

const inDetail = (since: Field['since'], ...at: string[]) => rows('/messages/detail', since, at)

const jpushFields = (): readonly Field[] => {
  const page = inDetail('page', 'jpush')
  const newer = inDetail('newer', 'jpush')
  return [
    page('target', own, 'target'),
    page('online_push', own, 'online_push'),
    page('received', own, 'received'),
    page('click', ownNotification, 'click'),
    page('msg_click', ownMessage, 'click'),
    newer('sent', own, 'sent'),
    newer('display', own, 'display'),
  ]
}

const vendorDetail = (channel: Channel, since: Field['since']): readonly Field[] => {
  const where: Where = { platform: 'android', channel: [channel] }
  const at = ['android_pns', `${channel}_detail`]
  const page = inDetail(since, ...at)
  const newer = inDetail('newer', ...at)
  return [
    page('target', where, 'target'),
    page('sent', where, 'sent'),
    newer('received', where, 'received'),
    newer('display', where, 'display'),
  ]
}

const androidPnsFields = (): readonly Field[] => {
  const page = inDetail('page', 'android_pns')
  const newer = inDetail('newer', 'android_pns')
  const ofThePage: readonly Channel[] = ['xm', 'hw', 'mz', 'oppo', 'vivo', 'fcm']
  const later: readonly Channel[] = ['honor', 'asus', 'nio']
  return [
    page('pns_target', vendor, 'target'),
    page('pns_sent', vendor, 'sent'),
    ...ofThePage.flatMap((channel) => vendorDetail(channel, 'page')),
    newer('pns_received', vendor, 'received'),
    newer('pns_display', vendor, 'display'),
    ...later.flatMap((channel) => vendorDetail(channel, 'newer')),
  ]
}

const iosAndWinphoneFields = (): readonly Field[] => {
  const page = inDetail('page', 'ios')
  const newer = inDetail('newer', 'ios')
  const phone = inDetail('page', 'winphone')
  return [
    page('apns_target', apns, 'target'),
    page('apns_sent', apns, 'sent'),
    page('apns_received', apns, 'received'),
    page('apns_click', apns, 'click'),
    page('msg_target', iosMessage, 'target'),
    page('msg_received', iosMessage, 'received'),
    newer('apns_display', apns, 'display'),
    newer('msg_click', iosMessage, 'click'),
    newer('msg_display', iosMessage, 'display'),
    phone('mpns_target', mpns, 'target'),
    phone('mpns_sent', mpns, 'sent'),
    phone('click', mpns, 'click'),
  ]
}

// The names by which today's clients know each channel in `details`.
const subChannels: readonly (readonly [
  string,
  Platform,
  readonly (readonly [string, Channel])[],
])[] = [
  [
    'sub_android',
    'android',
    [
      ['jg_android', 'jpush'],
      ['xiaomi', 'xm'],
      ['huawei', 'hw'],
      ['honor', 'honor'],
      ['meizu', 'mz'],
      ['oppo', 'oppo'],
      ['vivo', 'vivo'],
      ['asus', 'asus'],
      ['fcm', 'fcm'],
      ['nio', 'nio'],
    ],
  ],
  [
    'sub_ios',
    'ios',
    [
      ['jg_ios', 'jpush'],
      ['apns', 'apns'],
    ],
  ],
  [
    'sub_quickapp',
    'quickapp',
    [
      ['quick_jg', 'jpush'],
      ['quick_xiaomi', 'xm'],
      ['quick_huawei', 'hw'],
      ['quick_oppo', 'oppo'],
    ],
  ],
  ['sub_hmos', 'hmos', [['hmpns', 'hmpns']]],
]

const detailStages: readonly Stage[] = ['target', 'sent', 'received', 'display', 'click']

const kindDetails = (kind: Kind): readonly Field[] => {
  const total = inDetail('newer', 'details', kind)
  const subs = subChannels.flatMap(([sub, platform, channels]) =>
    channels.flatMap(([name, channel]) => {
      const newer = inDetail('newer', 'details', kind, sub, name)
      const where: Where = { platform, channel: [channel], kind }
      return detailStages.map((stage) => newer(stage, where, stage))
    }),
  )
  return [...detailStages.map((stage) => total(stage, { kind }, stage)), ...subs]
}

const isLawful = (field: Field): boolean => field.cells.length > 0

/** The whole table, in the order in which the keys stand in the answers. */
export const FIELDS: readonly Field[] = [
  ...receivedFields,
  ...receivedDetailFields,
  ...messagesFields,
  ...jpushFields(),
  ...androidPnsFields(),
  ...iosAndWinphoneFields(),
  ...KINDS.flatMap(kindDetails),
].filter(isLawful)
