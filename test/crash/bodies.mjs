// The bodies of the crash tests: each tells of devices of its own, that they received a message of its own
// and the one of all bodies.
import { cellOf } from '../../dist/ledger/channel.js'
import { deviceListOf } from '../../dist/ledger/event-batch.js'
import { parseMsgId, parseRegistrationId } from '../../dist/ledger/ids.js'

/** How many devices a body tells of: mostly few, at times so many that it takes many pages. */
export const devicesOf = (seed, number) => {
  const draw = ((seed * 7919 + number * 104_729) % 997) / 997
  return 1 + Math.floor(draw ** 6 * 2500)
}
export const appOf = (number) => 1 + (number % 2)
/** A message of its own, and one of all bodies of the app. */
export const ownMessageOf = (number) => String(1000 + number)
export const broadcast = '7'

export const toldBy = (seed, number, nowMs) => {
  const count = devicesOf(seed, number)
  const ids = Array.from({ length: count }, (_, i) => parseRegistrationId(`b${number}-${i}`))
  const cell = cellOf('android', 'jpush', 'notification', 'received')
  const about = (msgId) => ({ about: 'message', atMs: nowMs, msgId: parseMsgId(msgId), cell })
  const events = [ownMessageOf(number), broadcast].map(about)
  const eventOf = new Uint32Array(2 * count).fill(1, count)
  return { devices: deviceListOf([...ids, ...ids]), eventOf, events }
}
