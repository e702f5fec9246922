// The path of a request, as endpoints are named: without what differs only in how it is written.

/** Letters, digits and `-._~`: RFC 3986, section 6.2.2.2, says that they mean the same when encoded. */
const encodedUnreserved = /%(?:2[de]|3\d|[46][1-9a-f]|[57][0-9a]|5f|7e)/gi
const decode = (encoded: string): string =>
  String.fromCharCode(Number.parseInt(encoded.slice(1), 16))

/** The target may be a whole URL. Nothing but unreserved characters is decoded, and nothing twice. */
export const pathOf = (target: string): string => {
  const path = target.replace(/^https?:\/\/[^/?]*/i, '').split('?', 1)[0] as string
  return path
    .replaceAll(encodedUnreserved, decode)
    .replaceAll(/\/{2,}/g, '/')
    .replace(/(.)\/$/, '$1')
}
