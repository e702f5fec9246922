// Where a browser was when it sent a request: it says so itself, and no page can make it lie. Programs
// say nothing.
import type { IncomingHttpHeaders } from 'node:http'

/** Whether a page that is not this server's own sent it. */
export const isFromElsewhere = (headers: IncomingHttpHeaders): boolean => {
  const { origin, host = '', 'sec-fetch-site': site } = headers
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  // Without TLS, and beyond loopback, browsers tell the origin alone.
  if (origin === undefined) return false
  if (!URL.canParse(origin)) return true
  const { protocol, host: originHost } = new URL(origin)
  const port = defaultPorts[protocol]
  return port === undefined || originHost !== withoutPort(host.toLowerCase(), port)
}

/** Browsers leave it out; proxies may add it to Host, as nginx does with `$host:$server_port`. */
const defaultPorts: Readonly<Record<string, string>> = { 'http:': ':80', 'https:': ':443' }

const withoutPort = (host: string, port: string): string =>
  host.endsWith(port) ? host.slice(0, -port.length) : host

/** Whether the page came by TLS, also where it is a proxy that speaks it. */
export const isFromSecurePage = ({ origin = '' }: IncomingHttpHeaders): boolean =>
  origin.startsWith('https://')
