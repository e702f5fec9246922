// What /v3/received/detail tells of a message, as rows: for apps that may not ask for more.
import type { Count, ReceivedDetailItem } from '../../../src/http/endpoint/wire.ts'

export interface ReceivedRow {
  /** A key of the texts. */
  readonly way: ReceivedWay
  readonly sent: Count
  readonly received: Count
}

export const RECEIVED_WAYS = [
  'own',
  'vendors',
  'apns',
  'iosMessage',
  'mpns',
  'hmpns',
  'hmosMessage',
  'quickOwn',
  'quickVendors',
] as const
export type ReceivedWay = (typeof RECEIVED_WAYS)[number]

/** Null where the report does not tell; rows without any number are left out. */
export const receivedRowsOf = (item: ReceivedDetailItem): readonly ReceivedRow[] => {
  const row = (way: ReceivedWay, sent: Count | undefined, received: Count | undefined) => ({
    way,
    sent: sent ?? null,
    received: received ?? null,
  })
  return [
    row('own', null, item.jpush_received),
    row('vendors', item.android_pns_sent, item.android_pns_received),
    row('apns', item.ios_apns_sent, item.ios_apns_received),
    row('iosMessage', null, item.ios_msg_received),
    row('mpns', item.wp_mpns_sent, null),
    row('hmpns', item.hmos_hmpns_sent, item.hmos_hmpns_received),
    row('hmosMessage', null, item.hmos_msg_received),
    row('quickOwn', null, item.quickapp_jpush_received),
    row('quickVendors', item.quickapp_pns_sent, null),
  ].filter(({ sent, received }) => sent !== null || received !== null)
}
