// The parts of a message in the reports by stage: which members of an answer make which row. The one
// place where the command line knows the answers' trees.
import type {
  Count,
  CountsBody,
  KindDetails,
  MessagesDetailItem,
  MessagesItem,
} from '../http/endpoint/wire.ts'

/** `target` `online` `sent` `received` `display` `click` `msgClick`, each where it is told. */
export type Stages = Readonly<Record<string, Count | undefined>>

export interface Part {
  readonly part: string
  readonly stages: Stages
  /** Of a total: what it is made of. */
  readonly rows?: readonly Stages[]
}

export const messageParts = ({ android, ios, winphone }: MessagesItem): Part[] => [
  {
    part: 'android',
    stages: {
      target: android['target'],
      online: android['online_push'],
      received: android['received'],
      click: android['click'],
      msgClick: android['msg_click'],
    },
  },
  {
    part: 'ios apns',
    stages: {
      target: ios['apns_target'],
      sent: ios['apns_sent'],
      received: ios['apns_received'],
      click: ios['click'],
    },
  },
  { part: 'ios messages', stages: { target: ios['target'], received: ios['received'] } },
  { part: 'winphone', stages: winphoneStages(winphone) },
]

/** Vendors stand under the row of all of them, and are part of it. */
export const detailParts = (item: MessagesDetailItem): Part[] => {
  const { jpush, android_pns, ios, winphone, details } = item
  const vendors = Object.entries(android_pns).flatMap(([name, stages]): Part[] =>
    isCounts(stages) ? [{ part: `  ${name.replace('_detail', '')}`, stages }] : [],
  )
  const allVendors = Object.fromEntries(
    Object.entries(android_pns).flatMap(([name, value]) =>
      isCounts(value) ? [] : [[name, value]],
    ),
  )
  return [
    {
      part: 'jpush',
      stages: { ...jpush, online: jpush['online_push'], msgClick: jpush['msg_click'] },
    },
    {
      part: 'android vendors',
      stages: withoutPrefix('pns_', allVendors),
      rows: vendors.map(({ stages }) => stages),
    },
    ...vendors,
    { part: 'ios apns', stages: withoutPrefix('apns_', ios) },
    { part: 'ios messages', stages: withoutPrefix('msg_', ios) },
    { part: 'winphone', stages: winphoneStages(winphone) },
    {
      part: 'all notifications',
      stages: totalsOf(details.notification),
      rows: [...channelsOf(details.notification), winphoneStages(winphone)],
    },
    {
      part: 'all messages',
      stages: totalsOf(details.message),
      rows: channelsOf(details.message),
    },
  ]
}

const winphoneStages = (winphone: CountsBody): Stages => ({
  target: winphone['mpns_target'],
  sent: winphone['mpns_sent'],
  click: winphone['click'],
})

const isCounts = (value: Count | CountsBody): value is CountsBody =>
  typeof value === 'object' && value !== null

const withoutPrefix = (prefix: string, counts: CountsBody): Stages =>
  Object.fromEntries(
    Object.entries(counts).flatMap(([name, value]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [],
    ),
  )

const totalsOf = (details: KindDetails | undefined): Stages =>
  Object.fromEntries(
    Object.entries(details ?? {}).flatMap(([name, value]) =>
      typeof value === 'number' ? [[name, value]] : [],
    ),
  )

/** Of every platform, `sub_android` and the like. */
const channelsOf = (details: KindDetails | undefined): Stages[] =>
  Object.values(details ?? {}).flatMap((value) =>
    typeof value === 'number' ? [] : Object.values(value),
  )
