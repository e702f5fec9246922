// The closed lists of the domain: platforms, channels, kinds and stages, which of them go together,
// and the number of each lawful combination (a cell). Engines keep cell numbers on disk: the table
// of tracks only ever grows at its end.

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

// Written out in full because a track's place in this list is kept on disk: add at the end only.
const trackList = `
  android jpush notification|android jpush message|android xm notification|android xm message
  android hw notification|android hw message|android mz notification|android mz message
  android oppo notification|android oppo message|android vivo notification|android vivo message
  android fcm notification|android fcm message|android honor notification|android honor message
  android asus notification|android asus message|android nio notification|android nio message
  ios jpush message|ios apns notification|ios apns message
  winphone jpush notification|winphone jpush message
  winphone mpns notification|winphone mpns message
  hmos jpush notification|hmos jpush message|hmos hmpns notification|hmos hmpns message
  quickapp jpush notification|quickapp jpush message|quickapp xm notification|quickapp xm message
  quickapp hw notification|quickapp hw message|quickapp oppo notification|quickapp oppo message`

export const TRACKS: readonly Track[] = trackList
  .split(/[|\n]/)
  .map((track) => track.trim())
  .filter((track) => track !== '')
  .map((track) => {
    const [platform, channel, kind] = track.split(' ')
    return { platform: platform as Platform, channel: channel as Channel, kind: kind as Kind }
  })

/** A lawful (platform, channel, kind, stage) as a small number: track × 6 + stage. */
export type Cell = number & { readonly cell: true }

export const CELL_COUNT: number = TRACKS.length * STAGES.length

const trackNumbers = new Map(
  TRACKS.map((track, number) => [`${track.platform} ${track.channel} ${track.kind}`, number]),
)

/** The cell of a combination, or undefined where the combination is not lawful. */
export const cellOf = (
  platform: Platform,
  channel: Channel,
  kind: Kind,
  stage: Stage,
): Cell | undefined => {
  const track = trackNumbers.get(`${platform} ${channel} ${kind}`)
  if (track === undefined) return undefined
  return (track * STAGES.length + STAGES.indexOf(stage)) as Cell
}

export const stageOf = (cell: Cell): Stage => STAGES[cell % STAGES.length] as Stage

export const trackOf = (cell: Cell): Track => TRACKS[Math.floor(cell / STAGES.length)] as Track

/** Every cell there is, in order of its number. */
export const CELLS: readonly Cell[] = Array.from({ length: CELL_COUNT }, (_, cell) => cell as Cell)
