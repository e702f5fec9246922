// What the clients' tests tell the server, and what each report must then say, written by hand.

import type { Json } from '../support/caller.ts'

/** Of 32 bits once; and one above 2^53, as they are today. */
export const smallId = '1613113584'
export const bigId = '18101211308815829'
export const unknownId = '58546877793854733'

const dayMs = 86_400_000
const dayIn = (ms: number): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' }).format(ms)

/** Everything is told of the day before this run, so that no midnight comes between. */
export const day: string = dayIn(Date.now() - dayMs)
export const dayBefore: string = dayIn(Date.now() - 2 * dayMs)
export const month: string = day.slice(0, 7)
const time = `${day}T10:30:00+08:00`

type Stages = Readonly<Record<string, readonly string[]>>

const linesOf = (about: object, stages: Stages): object[] =>
  Object.entries(stages).map(([type, registration_ids]) => ({
    type,
    ...about,
    registration_ids,
    time,
  }))

const small = { msg_id: smallId }

export const lines: readonly object[] = [
  ...linesOf(
    { ...small, platform: 'android' },
    {
      target: ['d1', 'd2', 'd3'],
      online_push: ['d1', 'd2'],
      received: ['d1', 'd2'],
      click: ['d1'],
    },
  ),
  ...linesOf({ ...small, platform: 'android', kind: 'message' }, { click: ['d2'] }),
  ...linesOf({ ...small, channel: 'xiaomi' }, { target: ['d4'], sent: ['d4'], received: ['d4'] }),
  ...linesOf(
    { ...small, platform: 'ios' },
    {
      target: ['i1', 'i2'],
      sent: ['i1', 'i2'],
      received: ['i1'],
      click: ['i1'],
    },
  ),
  ...linesOf({ ...small, platform: 'ios', kind: 'message' }, { target: ['i1'], received: ['i1'] }),
  ...linesOf({ ...small, platform: 'winphone' }, { target: ['w1'], sent: ['w1'], click: ['w1'] }),
  ...linesOf({ msg_id: bigId, platform: 'android' }, { received: ['b1', 'b2', 'b3', 'b4', 'b5'] }),
  ...linesOf(
    { platform: 'android' },
    {
      register: ['d1', 'd2'],
      online: ['d1', 'd2', 'd3'],
      active: ['d1'],
    },
  ),
  ...linesOf({ platform: 'ios' }, { online: ['i1'] }),
]

const nothing = (...names: readonly string[]): { readonly [k: string]: null } =>
  Object.fromEntries(names.map((name) => [name, null]))

const receivedFields = nothing(
  'android_received',
  'ios_apns_sent',
  'ios_apns_received',
  'ios_msg_received',
  'wp_mpns_sent',
)

export const received: Json = [
  {
    msg_id: smallId,
    android_received: 3,
    ios_apns_sent: 2,
    ios_apns_received: 1,
    ios_msg_received: 1,
    wp_mpns_sent: 1,
  },
  { msg_id: bigId, ...receivedFields, android_received: 5 },
  { msg_id: unknownId, ...receivedFields },
]

const detailFields = nothing(
  'jpush_received',
  'android_pns_sent',
  'ios_apns_sent',
  'ios_apns_received',
  'ios_msg_received',
  'wp_mpns_sent',
)

export const receivedDetail: Json = [
  {
    msg_id: smallId,
    jpush_received: 3,
    android_pns_sent: 1,
    ios_apns_sent: 2,
    ios_apns_received: 1,
    ios_msg_received: 1,
    wp_mpns_sent: 1,
    android_pns_received: 1,
  },
  { msg_id: bigId, ...detailFields, jpush_received: 5 },
  { msg_id: unknownId, ...detailFields },
]

const android = nothing('received', 'target', 'online_push', 'click', 'msg_click')
const ios = nothing('apns_target', 'apns_sent', 'apns_received', 'click', 'target', 'received')
const winphone = nothing('mpns_target', 'mpns_sent', 'click')

export const messages: Json = [
  {
    msg_id: smallId,
    android: { received: 3, target: 4, online_push: 2, click: 1, msg_click: 1 },
    ios: { apns_target: 2, apns_sent: 2, apns_received: 1, click: 1, target: 1, received: 1 },
    winphone: { mpns_target: 1, mpns_sent: 1, click: 1 },
  },
  { msg_id: bigId, android: { ...android, received: 5 }, ios, winphone },
  { msg_id: unknownId, android, ios, winphone },
]

const jpush = nothing('target', 'online_push', 'received', 'click', 'msg_click')
const vendor = nothing('target', 'sent')
const androidPns = {
  ...nothing('pns_target', 'pns_sent'),
  xm_detail: vendor,
  hw_detail: vendor,
  mz_detail: vendor,
  oppo_detail: vendor,
  vivo_detail: vendor,
  fcm_detail: vendor,
}
const iosDetail = nothing(
  'apns_target',
  'apns_sent',
  'apns_received',
  'apns_click',
  'msg_target',
  'msg_received',
)

const smallDetails = {
  notification: {
    target: 7,
    sent: 4,
    received: 4,
    click: 3,
    sub_android: {
      jg_android: { target: 3, received: 2, click: 1 },
      xiaomi: { target: 1, sent: 1, received: 1 },
    },
    sub_ios: { apns: { target: 2, sent: 2, received: 1, click: 1 } },
  },
  message: {
    target: 1,
    received: 1,
    click: 1,
    sub_android: { jg_android: { click: 1 } },
    sub_ios: { jg_ios: { target: 1, received: 1 } },
  },
}

export const messagesDetail: Json = [
  {
    msg_id: Number(smallId),
    jpush: { target: 4, online_push: 2, received: 3, click: 1, msg_click: 1 },
    android_pns: {
      ...androidPns,
      pns_target: 1,
      pns_sent: 1,
      pns_received: 1,
      xm_detail: { target: 1, sent: 1, received: 1 },
    },
    ios: {
      apns_target: 2,
      apns_sent: 2,
      apns_received: 1,
      apns_click: 1,
      msg_target: 1,
      msg_received: 1,
    },
    winphone: { mpns_target: 1, mpns_sent: 1, click: 1 },
    details: smallDetails,
  },
  {
    msg_id: bigId,
    jpush: { ...jpush, received: 5 },
    android_pns: androidPns,
    ios: iosDetail,
    winphone,
    details: {
      notification: { received: 5, sub_android: { jg_android: { received: 5 } } },
    },
  },
  {
    msg_id: unknownId,
    jpush,
    android_pns: androidPns,
    ios: iosDetail,
    winphone,
    details: {},
  },
]

const dayUsers = { android: { new: 2, online: 3, active: 1 }, ios: { online: 1 } }

export const users: Readonly<Record<'HOUR' | 'DAY' | 'MONTH', Json>> = {
  HOUR: {
    time_unit: 'HOUR',
    start: `${day} 09`,
    duration: 3,
    items: [{ time: `${day} 09` }, { time: `${day} 10`, ...dayUsers }, { time: `${day} 11` }],
  },
  DAY: {
    time_unit: 'DAY',
    start: dayBefore,
    duration: 2,
    items: [{ time: dayBefore }, { time: day, ...dayUsers }],
  },
  MONTH: {
    time_unit: 'MONTH',
    start: month,
    duration: 1,
    items: [{ time: month, ...dayUsers }],
  },
}
