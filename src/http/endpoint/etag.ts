// Conditional requests: a tag that is the hash of an answer, and whether a caller holds that very answer
// already. What was read has no version that costs less than the answer, so a 304 saves bytes, not work.
import { hash } from 'node:crypto'

/** A strong tag of these bytes. */
export const tagOf = (body: string | Buffer): string => `"${hash('sha1', body, 'base64url')}"`

/** Whether an If-None-Match names the tag; weak tags are as good here. */
export const isHeld = (header: string | undefined, tag: string): boolean => {
  if (header === undefined) return false
  if (header.trim() === '*') return true
  return header.split(',').some((held) => held.trim().replace(/^W\//, '') === tag)
}
