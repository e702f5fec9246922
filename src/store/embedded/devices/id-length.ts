// How long an id is, as it stands before the id in blocks on disk and in memory: one byte for nearly all, and a
// second one, which stands with the id, from 254 bytes on.

/** Ids of so many bytes and more are long: a second byte of their length stands with them. */
export const longLength = 254

/** The first byte of a length. */
export const firstByteOf = (length: number): number =>
  length < longLength ? length : longLength + ((length - longLength) >>> 8)

/** Whether a second byte stands with the id. */
export const isLong = (firstByte: number): boolean => firstByte >= longLength

/** The second byte of a length that needs one. */
export const secondByteOf = (length: number): number => (length - longLength) & 0xff

export const lengthOf = (firstByte: number, secondByte: number): number =>
  longLength + ((firstByte - longLength) << 8) + secondByte

/** Bytes of an id with all that stands with it, but for the first byte of its length. */
export const bytesWith = (length: number): number => (length < longLength ? length : length + 1)
