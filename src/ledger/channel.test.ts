// The closed lists and the numbers of their lawful combinations, against the table of the ingest API.
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  CELL_COUNT,
  CELLS,
  CHANNEL_ALIASES,
  CHANNEL_NAMES,
  CHANNELS,
  type Channel,
  cellOf,
  DEFAULT_CHANNEL,
  KINDS,
  PLATFORMS,
  type Platform,
  STAGES,
  stageOf,
  TRACKS,
  trackOf,
  VENDORS,
} from './channel.ts'

const served: Readonly<Record<Channel, readonly Platform[]>> = {
  jpush: ['android', 'ios', 'winphone', 'hmos', 'quickapp'],
  xm: ['android', 'quickapp'],
  hw: ['android', 'quickapp'],
  oppo: ['android', 'quickapp'],
  honor: ['android'],
  mz: ['android'],
  vivo: ['android'],
  fcm: ['android'],
  asus: ['android'],
  nio: ['android'],
  apns: ['ios'],
  mpns: ['winphone'],
  hmpns: ['hmos'],
}

describe('cells', () => {
  it('exist for each lawful combination, and for no other', () => {
    for (const platform of PLATFORMS) {
      for (const channel of CHANNEL_NAMES) {
        for (const kind of KINDS) {
          const isRefused = platform === 'ios' && channel === 'jpush' && kind === 'notification'
          const isLawful = served[channel].includes(platform) && !isRefused
          for (const stage of STAGES) {
            const cell = cellOf(platform, channel, kind, stage)
            expect(cell !== undefined, `${platform} ${channel} ${kind} ${stage}`).toBe(isLawful)
          }
        }
      }
    }
  })

  it('are numbered without a gap, and lead back to their combination', () => {
    expect(CELLS).toEqual(Array.from({ length: CELL_COUNT }, (_, i) => i))
    expect(CELL_COUNT).toBe(TRACKS.length * STAGES.length)
    for (const cell of CELLS) {
      const { platform, channel, kind } = trackOf(cell)
      expect(cellOf(platform, channel, kind, stageOf(cell))).toBe(cell)
    }
    const names = TRACKS.map(({ platform, channel, kind }) => `${platform} ${channel} ${kind}`)
    expect(new Set(names).size).toBe(TRACKS.length)
  })

  it('keep the numbers that stand on disks already', () => {
    const names = TRACKS.slice(0, 39).map((track) => Object.values(track).join(' '))
    expect(STAGES.join(' ')).toBe('target online_push sent received display click')
    expect(names[0]).toBe('android jpush notification')
    expect(names[38]).toBe('quickapp oppo message')
    const digest = createHash('sha256').update(names.join('\n')).digest('hex')
    expect(digest.slice(0, 16)).toBe('1b630f16c7ce430e')
  })
})

describe('channels', () => {
  it('serve the platforms of the table', () => {
    expect([...CHANNEL_NAMES].sort()).toEqual(Object.keys(served).sort())
    for (const channel of CHANNEL_NAMES) {
      expect([...CHANNELS[channel].platforms]).toEqual(served[channel])
      const implied = channel === 'jpush' ? undefined : served[channel][0]
      expect(CHANNELS[channel].implies).toBe(implied)
    }
  })

  it('are vendors where they are Android’s and not our own', () => {
    const vendors = ['asus', 'fcm', 'honor', 'hw', 'mz', 'nio', 'oppo', 'vivo', 'xm']
    expect([...VENDORS].sort()).toEqual(vendors)
  })

  it('have a default per platform that serves it', () => {
    expect(DEFAULT_CHANNEL).toEqual({
      android: 'jpush',
      quickapp: 'jpush',
      ios: 'apns',
      winphone: 'mpns',
      hmos: 'hmpns',
    })
  })

  it('have the aliases of the vendors, and no inherited ones', () => {
    expect({ ...CHANNEL_ALIASES }).toEqual({ xiaomi: 'xm', huawei: 'hw', meizu: 'mz' })
    expect(CHANNEL_ALIASES['constructor']).toBeUndefined()
    expect(Object.getPrototypeOf(CHANNEL_ALIASES)).toBeNull()
  })
})
