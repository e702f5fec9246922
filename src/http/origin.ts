// Where a browser was when it sent a request: it says so itself, and no page can make it lie. Programs
// say nothing.
import type { IncomingHttpHeaders } from 'node:http'

/** Whether a page that is not this server's own sent it. */
export const isFromElsewhere = (headers: IncomingHttpHeaders): boolean => {
  const { origin, host = '', 'sec-fetch-site': site } = headers
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  // Without TLS, and beyond loopback, browsers tell the origin alone.
  if (origin === undefined) return false
  return !URL.canParse(origin) || new URL(origin).host !== host.toLowerCase()
}

/** Whether the page came by TLS, also where it is a proxy that speaks it. */
export const isFromSecurePage = ({ origin = '' }: IncomingHttpHeaders): boolean =>
  origin.startsWith('https://')
