// The closed lists of the domain: platforms, channels, kinds and stages, which of them go together,
// and the number of each lawful combination (a cell). Tracks follow from the rows of CHANNELS.

export const PLATFORMS = ['android', 'ios', 'winphone', 'hmos', 'quickapp'] as const
export type Platform = (typeof PLATFORMS)[number]

export const KINDS = ['notification', 'message'] as const
export type Kind = (typeof KINDS)[number]

export const STAGES = ['target', 'online_push', 'sent', 'received', 'display', 'click'] as const
export type Stage = (typeof STAGES)[number]

/** Each channel with the platforms it serves; the first is implied where a line names none. */
export const CHANNELS = {
  jpush: { platforms: PLATFORMS, implies: undefined, vendor: false },
  xm: { platforms: ['android', 'quickapp'], implies: 'android', vendor: true },
  hw: { platforms: ['android', 'quickapp'], implies: 'android', vendor: true },
  mz: { platforms: ['android'], implies: 'android', vendor: true },
  oppo: { platforms: ['android', 'quickapp'], implies: 'android', vendor: true },
  vivo: { platforms: ['android'], implies: 'android', vendor: true },
  fcm: { platforms: ['android'], implies: 'android', vendor: true },
  honor: { platforms: ['android'], implies: 'android', vendor: true },
  asus: { platforms: ['android'], implies: 'android', vendor: true },
  nio: { platforms: ['android'], implies: 'android', vendor: true },
  apns: { platforms: ['ios'], implies: 'ios', vendor: false },
  mpns: { platforms: ['winphone'], implies: 'winphone', vendor: false },
  hmpns: { platforms: ['hmos'], implies: 'hmos', vendor: false },
} as const satisfies Record<
  string,
  { platforms: readonly Platform[]; implies: Platform | undefined; vendor: boolean }
>
export type Channel = keyof typeof CHANNELS

export const CHANNEL_NAMES = Object.keys(CHANNELS) as readonly Channel[]
export const VENDORS = CHANNEL_NAMES.filter((channel) => CHANNELS[channel].vendor)

/** Other names that vendors' own documents use. */
export const CHANNEL_ALIASES: Readonly<Record<string, Channel>> = Object.assign(
  Object.create(null) as Record<string, Channel>,
  { xiaomi: 'xm', huawei: 'hw', meizu: 'mz' },
)

/** The channel of a notification where a line names none; kind `message` goes by jpush anywhere. */
export const DEFAULT_CHANNEL: Readonly<Record<Platform, Channel>> = {
  android: 'jpush',
  quickapp: 'jpush',
  ios: 'apns',
  winphone: 'mpns',
  hmos: 'hmpns',
}

/** A way by which a push travels: every lawful (platform, channel, kind). */
export interface Track {
  readonly platform: Platform
  readonly channel: Channel
  readonly kind: Kind
}

/** The last channel of those whose tracks are numbered platform by platform. */
const lastByPlatform: Channel = 'hmpns'

const isLawful = ({ platform, channel, kind }: Track): boolean =>
  (CHANNELS[channel].platforms as readonly Platform[]).includes(platform) &&
  // On ios jpush carries messages alone.
  !(platform === 'ios' && channel === 'jpush' && kind === 'notification')

const tracksOf = (channels: readonly Channel[]): readonly Track[] =>
  PLATFORMS.flatMap((platform) =>
    channels.flatMap((channel) => KINDS.map((kind) => ({ platform, channel, kind }))),
  ).filter(isLawful)

// ClickHouse keeps these numbers: a new row of CHANNELS stands at the end, and its tracks follow.
const later = CHANNEL_NAMES.indexOf(lastByPlatform) + 1
export const TRACKS: readonly Track[] = [
  ...tracksOf(CHANNEL_NAMES.slice(0, later)),
  ...CHANNEL_NAMES.slice(later).flatMap((channel) => tracksOf([channel])),
]

/** By this name a track is kept on disk, where its number may be another. */
export const trackName = ({ platform, channel, kind }: Track): string =>
  `${platform}/${channel}/${kind}`

/** A lawful (platform, channel, kind, stage) as a small number: track × 6 + stage. */
export type Cell = number & { readonly cell: true }

export const CELL_COUNT: number = TRACKS.length * STAGES.length

const trackNumbers = new Map(TRACKS.map((track, number) => [trackName(track), number]))

/** The cell of a combination, or undefined where the combination is not lawful. */
export const cellOf = (
  platform: Platform,
  channel: Channel,
  kind: Kind,
  stage: Stage,
): Cell | undefined => {
  const track = trackNumbers.get(trackName({ platform, channel, kind }))
  if (track === undefined) return undefined
  return (track * STAGES.length + STAGES.indexOf(stage)) as Cell
}

export const stageOf = (cell: Cell): Stage => STAGES[cell % STAGES.length] as Stage

export const trackOf = (cell: Cell): Track => TRACKS[Math.floor(cell / STAGES.length)] as Track

/** Every cell there is, in order of its number. */
export const CELLS: readonly Cell[] = Array.from({ length: CELL_COUNT }, (_, cell) => cell as Cell)
