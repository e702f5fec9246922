// The way by which a message travels, told by platform, channel and kind of a line: the rules of
// docs/reference/events.md about these three members, and a table of every lawful answer made from
// them once. What else a line says is not asked here.
import {
  type Cell,
  CHANNEL_ALIASES,
  CHANNEL_NAMES,
  CHANNELS,
  type Channel,
  cellOf,
  DEFAULT_CHANNEL,
  KINDS,
  type Kind,
  PLATFORMS,
  type Platform,
  STAGES,
} from '../../ledger/channel.ts'
import type { RefusalCode } from '../../ledger/refusal.ts'
import { leftOut, textOf, WORD_COUNT, type Word } from '../line/keyword.ts'

/** Why a line is refused. */
export interface Reason {
  readonly code: RefusalCode
  readonly message: string
}

/** The cells of a way, one for each of STAGES in their order. */
export type Way = readonly Cell[]

// Deriving a way costs more than reading its whole line, and there are only some three hundred.
const ways: (Way | Reason | undefined)[] = new Array(WORD_COUNT ** 3).fill(undefined)

/** The way of a message event. */
export const wayOf = (platform: Word, channel: Word, kind: Word): Way | Reason => {
  const place = (platform * WORD_COUNT + channel) * WORD_COUNT + kind
  const known = ways[place]
  if (known !== undefined) return known
  const way = deriveWay(platform, channel, kind)
  ways[place] = way
  return way
}

/** The platform of an event about a device, whose channel counts for nothing. */
export const devicePlatformOf = (word: Word): Platform | Reason =>
  platformNamed(word) ?? badPlatform(word === leftOut ? notGiven : notAPlatform)

export const isReason = (found: object): found is Reason => 'code' in found

const deriveWay = (platformWord: Word, channelWord: Word, kindWord: Word): Way | Reason => {
  const named = channelNamed(channelWord)
  const implied = named === undefined ? undefined : CHANNELS[named].implies
  const platform = platformWord === leftOut ? implied : platformNamed(platformWord)
  if (platform === undefined) {
    return badPlatform(platformWord === leftOut ? notImplied : notAPlatform)
  }
  if (channelWord !== leftOut && named === undefined) return badChannel(notAChannel)
  const kind = kindNamed(kindWord)
  const channel = named ?? (kind === 'message' ? 'jpush' : DEFAULT_CHANNEL[platform])
  const served: readonly Platform[] = CHANNELS[channel].platforms
  if (!served.includes(platform)) {
    return badChannel(`channel ${channel} serves only ${served.join(', ')}, not ${platform}`)
  }
  if (kindWord !== leftOut && kind === undefined) return badKind(notAKind)
  const onlyMessages = platform === 'ios' && channel === 'jpush'
  if (onlyMessages && kind === 'notification') return badKind(notOnIos)
  return cellsOf(platform, channel, onlyMessages ? 'message' : (kind ?? 'notification'))
}

const cellsOf = (platform: Platform, channel: Channel, kind: Kind): Way =>
  STAGES.map((stage) => {
    const cell = cellOf(platform, channel, kind, stage)
    if (cell === undefined) throw new Error(`no track: ${platform} ${channel} ${kind}`)
    return cell
  })

const platforms = `one of ${PLATFORMS.join(', ')}`
const notAPlatform = `platform must be ${platforms}`
const notGiven = `platform must be given with an event about a device: ${platforms}`
const notImplied = `platform must be given where no channel implies it: ${platforms}`
const notAChannel = `channel must be one of ${CHANNEL_NAMES.join(', ')}`
const notAKind = `kind must be one of ${KINDS.join(', ')}`
const notOnIos = 'kind must be message on ios by channel jpush: notifications on ios go by apns'

const badPlatform = (message: string): Reason => ({ code: 'bad_platform', message })
const badChannel = (message: string): Reason => ({ code: 'bad_channel', message })
const badKind = (message: string): Reason => ({ code: 'bad_kind', message })

const platformNamed = (word: Word): Platform | undefined =>
  PLATFORMS.find((platform) => platform === textOf(word))

const kindNamed = (word: Word): Kind | undefined => KINDS.find((kind) => kind === textOf(word))

const channelNamed = (word: Word): Channel | undefined => {
  const name = textOf(word)
  if (name === undefined) return undefined
  return CHANNEL_ALIASES[name] ?? CHANNEL_NAMES.find((channel) => channel === name)
}
