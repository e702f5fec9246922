// Credentials: how they are minted, what an imported secret must look like, and the salted hash that
// is all we keep. Secrets are 96 random bits, so a fast hash is enough: a slow one on every call
// would only slow the calls.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { type AppKey, parseAppKey } from '../ledger/ids.ts'

/** A masterSecret: 24 letters and digits, at least 8 different ones. The password of HTTP Basic. */
export type Secret = string & { readonly secret: true }

/** The secret half of a feed token: 32 lowercase hexadecimal digits, all of them random. */
export type TokenSecret = string & { readonly tokenSecret: true }

/** Hands out so many random bytes. */
export type Random = (bytes: number) => Uint8Array

export interface HashedSecret {
  readonly salt: string
  readonly secretHash: string
}

const mintedBytes = 12
const tokenSecretBytes = 16
const saltBytes = 16

export const parseSecret = (text: string): Secret | undefined =>
  /^[0-9A-Za-z]{24}$/.test(text) && new Set(text).size >= 8 ? (text as Secret) : undefined

export const parseTokenSecret = (text: string): TokenSecret | undefined =>
  /^[0-9a-f]{32}$/.test(text) ? (text as TokenSecret) : undefined

export const mintKey = (random: Random): AppKey => mint(random, mintedBytes, parseAppKey)

/** Chance may give fewer than eight different digits; then it is asked again. */
export const mintSecret = (random: Random): Secret => mint(random, mintedBytes, parseSecret)

export const mintTokenSecret = (random: Random): TokenSecret =>
  mint(random, tokenSecretBytes, parseTokenSecret)

export const hashSecret = (secret: Secret | TokenSecret, random: Random): HashedSecret => {
  const salt = hexOf(random(saltBytes))
  return { salt, secretHash: digest(salt, secret).toString('hex') }
}

/** Takes the same time wherever the two differ. */
export const isSecret = (text: string, { salt, secretHash }: HashedSecret): boolean => {
  const told = digest(salt, text)
  const held = Buffer.from(secretHash, 'hex')
  return told.length === held.length && timingSafeEqual(told, held)
}

/** Takes the same time wherever two texts of one length differ. */
export const isSameText = (one: string, other: string): boolean => {
  const [oneBytes, otherBytes] = [Buffer.from(one), Buffer.from(other)]
  return oneBytes.length === otherBytes.length && timingSafeEqual(oneBytes, otherBytes)
}

/** So many random bytes as hexadecimal digits; asks for others until `parse` takes them. */
export const mint = <T>(
  random: Random,
  bytes: number,
  parse: (text: string) => T | undefined,
): T => {
  for (;;) {
    const minted = parse(hexOf(random(bytes)))
    if (minted !== undefined) return minted
  }
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

const digest = (salt: string, secret: string): Buffer =>
  createHmac('sha256', Buffer.from(salt, 'hex')).update(secret, 'utf8').digest()
