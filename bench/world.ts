// The bodies that the measurements send: made before the clock starts, the same at every run.

export interface Body {
  readonly bytes: Buffer
  readonly facts: number
}

type Random = () => number

/** A small generator with a seed: the same numbers on every machine. */
const seeded = (seed: number): Random => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Ids as the clients of the hosted service know them: 19 hexadecimal digits. */
export const deviceId = (n: number): string =>
  `1${(Math.imul(n + 1, 2_654_435_761) >>> 0).toString(16).padStart(8, '0')}${n.toString(16).padStart(10, '0')}`

const shuffle = (list: number[], random: Random): number[] => {
  for (let i = list.length - 1; i > 0; i--) {
    const other = Math.floor(random() * (i + 1))
    const kept = list[i] as number
    list[i] = list[other] as number
    list[other] = kept
  }
  return list
}

const channels = ['jpush', 'xm', 'hw', 'oppo', 'vivo', 'honor', 'fcm'] as const
const jpushShare = 0.4
const overlap = 0.05
const stages = [
  { stage: 'target', share: 1 },
  { stage: 'sent', share: 0.97 },
  { stage: 'received', share: 0.7 },
  { stage: 'click', share: 0.06 },
] as const
const factsABody = 10_000

export const broadcastId = '18101211308815829'

/** One push to every device by jpush or a vendor, by both for some; receipts in random order. */
export const broadcast = (
  devices: number,
  atMs: number,
  devicesALine: number,
  seed = 1,
): readonly (readonly Body[])[] => {
  const random = seeded(seed)
  const reached = channels.map((): number[] => [])
  for (let device = 0; device < devices; device++) {
    const place = random() < jpushShare ? 0 : 1 + Math.floor(random() * (channels.length - 1))
    reached[place]?.push(device)
    if (random() < overlap) reached[(place + 1) % channels.length]?.push(device)
  }
  return stages.map(({ stage, share }) => {
    const bodies = channels.flatMap((channel, place) => {
      const here = shuffle(
        (reached[place] ?? []).filter(() => random() < share),
        random,
      )
      return bodiesOf(here, (ids) => line({ stage, channel, atMs }, ids), devicesALine)
    })
    return bodies.sort(() => random() - 0.5)
  })
}

const line = (
  { stage, channel, atMs }: { stage: string; channel: string; atMs: number },
  ids: readonly string[],
): string => {
  const devices =
    ids.length === 1 ? `"registration_id":"${ids[0]}"` : `"registration_ids":${JSON.stringify(ids)}`
  return `{"type":"${stage}","msg_id":${broadcastId},"platform":"android","channel":"${channel}",${devices},"time":${atMs}}`
}

const bodiesOf = (
  devices: readonly number[],
  lineOf: (ids: readonly string[]) => string,
  devicesALine: number,
): Body[] => {
  const bodies: Body[] = []
  for (let from = 0; from < devices.length; from += factsABody) {
    const inBody = devices.slice(from, from + factsABody)
    const lines: string[] = []
    for (let at = 0; at < inBody.length; at += devicesALine) {
      lines.push(lineOf(inBody.slice(at, at + devicesALine).map(deviceId)))
    }
    bodies.push({ bytes: Buffer.from(lines.join('\n')), facts: inBody.length })
  }
  return bodies
}

const chatStages = ['target', 'online_push', 'received', 'click'] as const
export const chatId = (n: number): string => String(40_000_000_000_000_000n + BigInt(n) * 7n)

/** Pushes to one device each, four facts a push, all facts of a push in one body. */
export const chat = (messages: number, devices: number, atMs: number): readonly Body[] => {
  const random = seeded(2)
  const bodies: Body[] = []
  const pushesABody = factsABody / chatStages.length
  for (let from = 0; from < messages; from += pushesABody) {
    const lines: string[] = []
    for (let n = from; n < Math.min(messages, from + pushesABody); n++) {
      const id = deviceId(Math.floor(random() * devices))
      for (const stage of chatStages) {
        lines.push(
          `{"type":"${stage}","msg_id":${chatId(n)},"platform":"android","registration_id":"${id}","time":${atMs}}`,
        )
      }
    }
    bodies.push({ bytes: Buffer.from(lines.join('\n')), facts: lines.length })
  }
  return bodies
}
