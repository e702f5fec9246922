// The channels, and what each can report at all: a channel that never reports a receipt makes a rate
// low without anything being wrong. After JPush's own table of vendors' receipts.

export const PLATFORMS = ['android', 'ios', 'hmos', 'quickapp', 'winphone'] as const
export type Platform = (typeof PLATFORMS)[number]

export const CHANNELS = [
  'jpush',
  'xm',
  'hw',
  'honor',
  'mz',
  'oppo',
  'vivo',
  'asus',
  'fcm',
  'nio',
  'apns',
  'mpns',
  'hmpns',
] as const
export type Channel = (typeof CHANNELS)[number]

/** `partly`: only under a condition, which the note names. `unknown`: nobody says. */
export type Ability = 'yes' | 'partly' | 'no' | 'unknown'

export interface Capability {
  readonly received: Ability
  readonly display: Ability
  readonly click: Ability
  /** The condition, as a key of the texts. */
  readonly note?: 'setUp' | 'singleOnly' | 'newReceipt' | 'inFront' | 'extension'
}

export const CAPABILITIES: Readonly<Record<Channel, Capability>> = {
  jpush: { received: 'yes', display: 'yes', click: 'yes' },
  xm: { received: 'yes', display: 'yes', click: 'yes' },
  hw: { received: 'yes', display: 'no', click: 'no', note: 'setUp' },
  honor: { received: 'yes', display: 'no', click: 'no', note: 'setUp' },
  mz: { received: 'yes', display: 'no', click: 'yes', note: 'setUp' },
  oppo: { received: 'partly', display: 'no', click: 'no', note: 'singleOnly' },
  vivo: { received: 'yes', display: 'partly', click: 'no', note: 'newReceipt' },
  asus: { received: 'yes', display: 'yes', click: 'yes' },
  fcm: { received: 'partly', display: 'no', click: 'no', note: 'inFront' },
  nio: { received: 'unknown', display: 'unknown', click: 'unknown' },
  apns: { received: 'yes', display: 'no', click: 'yes', note: 'extension' },
  mpns: { received: 'no', display: 'no', click: 'yes' },
  hmpns: { received: 'yes', display: 'no', click: 'no', note: 'setUp' },
}
