// Whom a browser's own words let log in.
import { expect, it } from 'vitest'
import { isFromElsewhere, isFromSecurePage } from './origin.ts'

const host = 'ledger.example:8787'

it.each<readonly [string, Record<string, string>, boolean]>([
  ['a program', { host }, false],
  ['our page', { host, 'sec-fetch-site': 'same-origin', origin: `https://${host}` }, false],
  [
    'our page behind a proxy that names another host',
    { host, 'sec-fetch-site': 'same-origin', origin: 'https://a.example' },
    false,
  ],
  ['somebody who typed it', { host, 'sec-fetch-site': 'none' }, false],
  ['our page without TLS', { host, origin: `http://${host}` }, false],
  ['the same, written otherwise', { host: 'Ledger.Example:8787', origin: `http://${host}` }, false],
  [
    'our page, behind a proxy that adds the port of http',
    { host: 'a.example:80', origin: 'http://a.example' },
    false,
  ],
  [
    'our page, behind a proxy that adds the port of https',
    { host: 'A.example:443', origin: 'https://a.example' },
    false,
  ],
  ['an address of IPv6 with a port', { host: '[::1]:80', origin: 'http://[::1]' }, false],
  ['an address of IPv6 without one', { host: '[::80]', origin: 'http://[::80]' }, false],
  ['a scheme that no page has', { host, origin: `ftp://${host}` }, true],
  ['the other scheme', { host: 'a.example:443', origin: 'http://a.example' }, true],
  ['the other scheme', { host: 'a.example:80', origin: 'https://a.example' }, true],
  ['a host that ends likewise', { host: 'a.example:8080', origin: 'http://a.example' }, true],
  ['a host that begins likewise', { host: 'a.example:80:80', origin: 'http://a.example' }, true],
  ['another site', { host, 'sec-fetch-site': 'cross-site' }, true],
  ['a neighbour of the same site', { host, 'sec-fetch-site': 'same-site' }, true],
  [
    'another site that looks like ours',
    { host, 'sec-fetch-site': 'cross-site', origin: `http://${host}` },
    true,
  ],
  ['another origin', { host, origin: 'http://evil.example' }, true],
  ['another port', { host, origin: 'http://ledger.example:1' }, true],
  ['a page in a sandbox', { host, origin: 'null' }, true],
  ['nonsense', { host, origin: 'x', 'sec-fetch-site': 'x' }, true],
  ['nobody', { origin: `http://${host}` }, true],
])('%s', (_, headers, isElsewhere) => {
  expect(isFromElsewhere(headers)).toBe(isElsewhere)
})

it.each([
  [{ origin: 'https://a.example' }, true],
  [{ origin: 'http://a.example' }, false],
  [{}, false],
])('%j came by TLS: %s', (headers, isSecure) => {
  expect(isFromSecurePage(headers)).toBe(isSecure)
})
