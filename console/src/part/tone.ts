// Which of the theme's colours a thing is drawn in, everywhere the same.
import type { StageName } from '../../../src/http/endpoint/wire.ts'
import type { Platform } from '../field/channel.ts'

const toneCount = 8

/** Of the things of a list: from 1, and over again where there are more things than colours. */
export const toneOf = (index: number): number => (index % toneCount) + 1

export const stageTone: Readonly<Record<StageName, number>> = {
  target: 8,
  sent: 2,
  online_push: 7,
  received: 1,
  display: 4,
  click: 3,
}

export const platformTone: Readonly<Record<Platform, number>> = {
  android: 1,
  ios: 2,
  hmos: 3,
  quickapp: 4,
  winphone: 5,
}
