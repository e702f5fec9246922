// The field table against sections 3 and 7 of the report API, written down here once more, by hand,
// in the words of those tables and in the order in which the keys stand on the page.
import { describe, expect, it } from 'vitest'
import { CELLS, type Cell, stageOf, trackOf } from './channel.ts'
import { FIELDS, type Field, type MessageReport } from './field.ts'

interface Row {
  readonly report: MessageReport
  readonly path: string
  readonly since: Field['since']
  readonly select: (platform: string, channel: string, kind: string, stage: string) => boolean
}

const vendors = ['xm', 'hw', 'mz', 'oppo', 'vivo', 'fcm', 'honor', 'asus', 'nio']

/** The places that the tables name, as the tables say it. */
const places: Readonly<Record<string, (p: string, c: string, k: string) => boolean>> = {
  android: (p) => p === 'android',
  'android/jpush': (p, c) => p === 'android' && c === 'jpush',
  'android/notification': (p, _, k) => p === 'android' && k === 'notification',
  'android/message': (p, _, k) => p === 'android' && k === 'message',
  vendor: (p, c) => p === 'android' && vendors.includes(c),
  own: (p, c, k) => c === 'jpush' && (p === 'android' || (p === 'ios' && k === 'message')),
  'own/notification': (p, c, k) =>
    c === 'jpush' && k === 'notification' && (p === 'android' || p === 'ios'),
  'own/message': (p, c, k) => c === 'jpush' && k === 'message' && (p === 'android' || p === 'ios'),
  apns: (p, c) => p === 'ios' && c === 'apns',
  'ios/notification': (p, _, k) => p === 'ios' && k === 'notification',
  'ios/message': (p, c, k) => p === 'ios' && c === 'jpush' && k === 'message',
  mpns: (p, c) => p === 'winphone' && c === 'mpns',
  'quickapp/jpush': (p, c) => p === 'quickapp' && c === 'jpush',
  'quickapp/vendor': (p, c) => p === 'quickapp' && ['xm', 'hw', 'oppo'].includes(c),
  hmpns: (p, c) => p === 'hmos' && c === 'hmpns',
  'hmos/message': (p, c, k) => p === 'hmos' && c === 'jpush' && k === 'message',
}

const place = (name: string): ((p: string, c: string, k: string) => boolean) => {
  const found = places[name]
  if (found === undefined) throw new Error(`there is no place ${name}`)
  return found
}

/** `name: place stage` a line; `+` before a name that the page does not know. */
const rows = (report: MessageReport, at: string, lines: string): readonly Row[] =>
  lines
    .trim()
    .split('\n')
    .map((line) => {
      const [name = '', where = '', stage = ''] = line.trim().split(/[: ]+/)
      const isNewer = name.startsWith('+')
      return {
        report,
        path: `${at}${isNewer ? name.slice(1) : name}`,
        since: isNewer ? ('newer' as const) : ('page' as const),
        select: (p, c, k, s) => place(where)(p, c, k) && s === stage,
      }
    })

const channelRow = (path: string, platform: string, channel: string, kind?: string) => {
  return (stage: string, since: Field['since']): Row => ({
    report: '/messages/detail',
    path: `${path}${stage}`,
    since,
    select: (p, c, k, s) =>
      p === platform && c === channel && (kind === undefined || k === kind) && s === stage,
  })
}

const vendorRows = (channel: string, since: Field['since']): readonly Row[] => {
  const row = channelRow(`android_pns.${channel}_detail.`, 'android', channel)
  return [
    row('target', since),
    row('sent', since),
    row('received', 'newer'),
    row('display', 'newer'),
  ]
}

const stages = ['target', 'sent', 'received', 'display', 'click']

const clientNames = `
  sub_android android jg_android=jpush xiaomi=xm huawei=hw honor=honor meizu=mz oppo=oppo vivo=vivo
    asus=asus fcm=fcm nio=nio
  sub_ios ios jg_ios=jpush apns=apns
  sub_quickapp quickapp quick_jg=jpush quick_xiaomi=xm quick_huawei=hw quick_oppo=oppo
  sub_hmos hmos hmpns=hmpns`
  .trim()
  .replaceAll(/\n {4}/g, ' ')
  .split('\n')
  .map((line) => line.trim().split(' '))

const detailsRows = (kind: string): readonly Row[] => [
  ...stages.map(
    (stage): Row => ({
      report: '/messages/detail',
      path: `details.${kind}.${stage}`,
      since: 'newer',
      select: (_, __, k, s) => k === kind && s === stage,
    }),
  ),
  ...clientNames.flatMap(([sub = '', platform = '', ...names]) =>
    names.flatMap((pair) => {
      const [name = '', channel = ''] = pair.split('=')
      // On ios our own channel carries messages alone, so that there is nothing to count.
      if (name === 'jg_ios' && kind === 'notification') return []
      const row = channelRow(`details.${kind}.${sub}.${name}.`, platform, channel, kind)
      return stages.map((stage) => row(stage, 'newer'))
    }),
  ),
]

const table: readonly Row[] = [
  ...rows(
    '/received',
    '',
    `android_received: android received
     ios_apns_sent: apns sent
     ios_apns_received: apns received
     ios_msg_received: ios/message received
     wp_mpns_sent: mpns sent`,
  ),
  ...rows(
    '/received/detail',
    '',
    `jpush_received: own received
     android_pns_sent: vendor sent
     ios_apns_sent: apns sent
     ios_apns_received: apns received
     ios_msg_received: ios/message received
     wp_mpns_sent: mpns sent
     +android_pns_received: vendor received
     +quickapp_jpush_received: quickapp/jpush received
     +quickapp_pns_sent: quickapp/vendor sent
     +hmos_hmpns_sent: hmpns sent
     +hmos_hmpns_received: hmpns received
     +hmos_msg_received: hmos/message received`,
  ),
  ...rows(
    '/messages',
    'android.',
    `received: android received
     target: android target
     online_push: android/jpush online_push
     click: android/notification click
     msg_click: android/message click`,
  ),
  ...rows(
    '/messages',
    'ios.',
    `apns_sent: apns sent
     apns_target: apns target
     apns_received: apns received
     click: ios/notification click
     target: ios/message target
     received: ios/message received`,
  ),
  ...rows(
    '/messages',
    'winphone.',
    `mpns_target: mpns target
     mpns_sent: mpns sent
     click: mpns click`,
  ),
  ...rows(
    '/messages/detail',
    'jpush.',
    `target: own target
     online_push: own online_push
     received: own received
     click: own/notification click
     msg_click: own/message click
     +sent: own sent
     +display: own display`,
  ),
  ...rows(
    '/messages/detail',
    'android_pns.',
    `pns_target: vendor target
     pns_sent: vendor sent`,
  ),
  ...['xm', 'hw', 'mz', 'oppo', 'vivo', 'fcm'].flatMap((channel) => vendorRows(channel, 'page')),
  ...rows(
    '/messages/detail',
    'android_pns.',
    `+pns_received: vendor received
     +pns_display: vendor display`,
  ),
  ...['honor', 'asus', 'nio'].flatMap((channel) => vendorRows(channel, 'newer')),
  ...rows(
    '/messages/detail',
    'ios.',
    `apns_target: apns target
     apns_sent: apns sent
     apns_received: apns received
     apns_click: apns click
     msg_target: ios/message target
     msg_received: ios/message received
     +apns_display: apns display
     +msg_click: ios/message click
     +msg_display: ios/message display`,
  ),
  ...rows(
    '/messages/detail',
    'winphone.',
    `mpns_target: mpns target
     mpns_sent: mpns sent
     click: mpns click`,
  ),
  ...detailsRows('notification'),
  ...detailsRows('message'),
]

const cellsOf = (row: Row): readonly Cell[] =>
  CELLS.filter((cell) => {
    const { platform, channel, kind } = trackOf(cell)
    return row.select(platform, channel, kind, stageOf(cell))
  })

const nameOf = (field: Field): string => `${field.report} ${field.path.join('.')}`

describe('the field table', () => {
  it('has the fields of the tables, in the order of the page, each as old as it is', () => {
    const expected = table.map(({ report, path, since }) => `${report} ${path} ${since}`)
    expect(FIELDS.map((field) => `${nameOf(field)} ${field.since}`)).toEqual(expected)
  })

  it.each(table.map((row, i) => [`${row.report} ${row.path}`, row, i] as const))(
    '%s',
    (_, row, i) => {
      expect(FIELDS[i]?.cells).toEqual(cellsOf(row))
    },
  )

  it('names no field twice and leaves none without words', () => {
    expect(new Set(FIELDS.map(nameOf)).size).toBe(FIELDS.length)
    for (const field of FIELDS) expect(field.counts).toMatch(/^.+: [a-z_]+$/)
  })

  it('counts one stage in each field', () => {
    for (const { cells } of FIELDS) expect(new Set(cells.map(stageOf)).size).toBe(1)
  })
})
