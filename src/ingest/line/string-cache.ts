// Values for short runs of ASCII bytes, without making the same string twice: a feed repeats its
// types, channels and message ids on line after line. A cache of fixed size: it may forget, never
// err.
import type { Buffer } from 'node:buffer'

const slots = 4096
/** Room for every word of the closed lists and for a message id of 19 digits. */
const bytesPerSlot = 24

/** What the text of the ASCII bytes `start … start + length − 1` reads as. */
export type Texts<Value> = (bytes: Buffer, start: number, length: number) => Value

/** `read` must depend on the text alone. */
export const openTexts = <Value>(read: (text: string) => Value): Texts<Value> => {
  const kept = new Uint8Array(slots * bytesPerSlot)
  const lengths = new Uint8Array(slots)
  const values: Value[] = []
  const empty = read('')
  for (let slot = 0; slot < slots; slot++) values.push(empty)

  const holds = (slot: number, bytes: Buffer, start: number, length: number): boolean => {
    if (lengths[slot] !== length) return false
    const at = slot * bytesPerSlot
    for (let i = 0; i < length; i++) if (kept[at + i] !== bytes[start + i]) return false
    return true
  }

  return (bytes, start, length) => {
    if (length > bytesPerSlot) return read(bytes.toString('latin1', start, start + length))
    let hash = length
    for (let i = start; i < start + length; i++)
      hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193)
    const slot = (hash ^ (hash >>> 15)) & (slots - 1)
    if (holds(slot, bytes, start, length)) return values[slot] ?? empty
    const value = read(bytes.toString('latin1', start, start + length))
    values[slot] = value
    lengths[slot] = length
    const at = slot * bytesPerSlot
    for (let i = 0; i < length; i++) kept[at + i] = bytes[start + i] ?? 0
    return value
  }
}
