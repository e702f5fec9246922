// Rates that are not misread: among the devices whose channel can report the stage at all, with the
// share of devices that those are (the coverage) and the channels that are left out. Where nobody
// tells what a channel sent, its targets stand in.

import { type Ratio, shareOf } from '../../../src/ledger/share.ts'
import { type Ability, CAPABILITIES, CHANNELS, type Channel } from './channel.ts'
import type { ChannelCounts } from './channel-counts.ts'
import { reachOf } from './stage.ts'

export interface LeftOut {
  readonly channel: Channel
  readonly ability: Ability
  readonly reach: number
}

export interface Coverage {
  /** Devices on all channels. */
  readonly reach: number
  /** Devices on channels that can report the stage. */
  readonly covered: number
  /** Of those covered, the ones that reached the stage. */
  readonly reached: number
  /** 0 … 1, undefined where nothing is covered, or more was reached than was sent. */
  readonly rate: number | undefined
  /** 0 … 1, undefined where nothing was sent. */
  readonly share: number | undefined
  /** Most devices first. */
  readonly leftOut: readonly LeftOut[]
}

export type Reported = 'received' | 'click'

export const coverageOf = (all: readonly ChannelCounts[], stage: Reported): Coverage => {
  // A custom message is shown by the app itself: there is mostly nothing to click.
  const rows = stage === 'click' ? all.filter(({ kind }) => kind === 'notification') : all
  let reach = 0
  let covered = 0
  let reached = 0
  const leftOut: LeftOut[] = []
  const ratios: Ratio[] = []
  for (const channel of CHANNELS) {
    const ofChannel = rows.filter((row) => row.channel === channel)
    const devices = total(ofChannel.map(({ counts }) => reachOf(counts)))
    const told = total(ofChannel.map(({ counts }) => counts[stage]))
    const ability = CAPABILITIES[channel][stage]
    reach += devices
    if (isCovered(ability, told)) {
      covered += devices
      reached += told
      ratios.push(
        ...ofChannel.map(({ counts }) => ({ part: counts[stage], whole: reachOf(counts) })),
      )
    } else if (devices > 0) leftOut.push({ channel, ability, reach: devices })
  }
  leftOut.sort((a, b) => b.reach - a.reach)
  return {
    reach,
    covered,
    reached,
    rate: shareOf(reached, covered, ratios),
    share: shareOf(covered, reach),
    leftOut,
  }
}

/** What a vendor does not report, an app may tell all the same. */
const isCovered = (ability: Ability, told: number): boolean =>
  ability === 'yes' || (ability !== 'partly' && told > 0)

const total = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0)
