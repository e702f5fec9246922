// The identifiers of the domain, branded so that the compiler tells them apart. Each is made
// only by its parse function: whoever holds one need not check it again. All are opaque text.

/** 24 lowercase hexadecimal digits: the user name of HTTP Basic. */
export type AppKey = string & { readonly appKey: true }

/** A positive 64-bit integer as decimal text, 1 … 9223372036854775807, no leading zero. */
export type MsgId = string & { readonly msgId: true }

/** One push to a group of apps: 1–64 bytes of UTF-8 without control characters, blanks and commas. */
export type GroupMsgId = string & { readonly groupMsgId: true }

/** A device: 1–512 bytes of UTF-8 without control characters. */
export type RegistrationId = string & { readonly registrationId: true }

export const registrationIdBytesMax = 512
export const groupMsgIdBytesMax = 64

const msgIdMax = '9223372036854775807'
const msgIdShape = /^[1-9][0-9]{0,18}$/
const appKeyShape = /^[0-9a-f]{24}$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it refuses
const controlCharacter = /[\u0000-\u001f\u007f-\u009f]/
const loneSurrogate = /\p{Surrogate}/u

export const parseAppKey = (text: string): AppKey | undefined =>
  appKeyShape.test(text) ? (text as AppKey) : undefined

export const parseMsgId = (text: string): MsgId | undefined => {
  if (!msgIdShape.test(text)) return undefined
  if (text.length === msgIdMax.length && text > msgIdMax) return undefined
  return text as MsgId
}

export const parseRegistrationId = (text: string): RegistrationId | undefined => {
  if (text.length === 0 || text.length > registrationIdBytesMax) return undefined
  if (controlCharacter.test(text) || loneSurrogate.test(text)) return undefined
  return utf8Length(text) <= registrationIdBytesMax ? (text as RegistrationId) : undefined
}

export const parseGroupMsgId = (text: string): GroupMsgId | undefined => {
  if (text.length === 0 || text.length > groupMsgIdBytesMax) return undefined
  if (controlCharacter.test(text) || loneSurrogate.test(text) || /[\s,]/.test(text))
    return undefined
  return utf8Length(text) <= groupMsgIdBytesMax ? (text as GroupMsgId) : undefined
}

const utf8Length = (text: string): number => {
  let bytes = 0
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
  }
  return bytes
}
