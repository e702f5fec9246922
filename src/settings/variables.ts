// Variables of the environment that look like settings and are none: mistyped ones, and those that
// Kubernetes sets in every pod beside a Service of the same name. Pure: the environment is handed in.

export type Environment = Readonly<Record<string, string | undefined>>

const prefix = 'PUSHLEDGER_'

/**
 * Whether Kubernetes set it: beside a Service `pushledger` or `pushledger-metrics` (Docker's links do the
 * same) it holds an address in place of a number.
 */
export const isServiceLink = (name: string, text: string | undefined): boolean =>
  name.endsWith('_PORT') && /^(tcp|udp|sctp):\/\//.test(text ?? '')

/** The other variables of such a Service. */
const linkName = /_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)$/

/** What an operator should know of them, a sentence each. Never shows a value. */
export const variableWarnings = (
  environment: Environment,
  known: readonly string[],
): readonly string[] =>
  Object.entries(environment).flatMap(([name, text]) => {
    if (text === undefined || !/^push/i.test(name)) return []
    const isKnown = known.includes(name)
    if (isServiceLink(name, text)) return isKnown ? [linkSentence(name)] : []
    if (isKnown || linkName.test(name)) return []
    const [nearest, distance] = nearestOf(name.toUpperCase(), known)
    const isMeant = distance <= Math.max(2, Math.floor((name.length - prefix.length) / 3))
    if (!name.startsWith(prefix) && distance > 2) return []
    const hint = isMeant ? `: did you mean ${nearest}?` : ''
    return [`${name} is not a setting and is ignored${hint}`]
  })

const linkSentence = (name: string): string =>
  `${name} is ignored, as it holds an address: Kubernetes sets it beside a Service of that name ` +
  '(enableServiceLinks: false in the pod prevents it)'

const nearestOf = (name: string, known: readonly string[]): readonly [string, number] => {
  let nearest = ''
  let least = Number.POSITIVE_INFINITY
  for (const each of known) {
    const distance = distanceOf(name, each)
    if (distance < least) [nearest, least] = [each, distance]
  }
  return [nearest, least]
}

/** Letters to add, take out, replace or swap with their neighbour (optimal string alignment). */
const distanceOf = (one: string, other: string): number => {
  let before: number[] = []
  let last = Array.from({ length: other.length + 1 }, (_, j) => j)
  for (let i = 1; i <= one.length; i++) {
    const row = [i]
    for (let j = 1; j <= other.length; j++) {
      const isSame = one[i - 1] === other[j - 1]
      const isSwap = one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]
      row[j] = Math.min(
        (last[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + (isSame ? 0 : 1),
        isSwap ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    before = last
    last = row
  }
  return last[other.length] ?? 0
}
