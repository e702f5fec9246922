// Where a ClickHouse is, as the setting `store` names it:
// clickhouse://user:password@host:8123/database, clickhouses:// for TLS, ?cluster=name for a cluster.

export interface Address {
  /** Of the HTTP interface, without credentials. */
  readonly url: string
  readonly username: string
  readonly password: string
  readonly database: string
  /** Undefined for a single server. */
  readonly cluster: string | undefined
}

const schemes = new Map([
  ['clickhouse:', { scheme: 'http', port: '8123' }],
  ['clickhouses:', { scheme: 'https', port: '8443' }],
])
/** What need not be quoted in a statement. */
const nameShape = /^[a-zA-Z_][a-zA-Z0-9_]{0,63}$/

export const parseAddress = (text: string): Address | undefined => {
  if (!URL.canParse(text)) return undefined
  const { protocol, hostname, port, username, password, pathname, searchParams, hash } = new URL(
    text,
  )
  const scheme = schemes.get(protocol)
  const database = pathname.slice(1)
  const { cluster, ...unknown } = Object.fromEntries(searchParams)
  const isNamed = nameShape.test(database) && (cluster === undefined || nameShape.test(cluster))
  if (scheme === undefined || hostname === '' || hash !== '' || !isNamed) return undefined
  if (Object.keys(unknown).length > 0) return undefined
  return {
    url: `${scheme.scheme}://${hostname}:${port === '' ? scheme.port : port}`,
    username: username === '' ? 'default' : decodeURIComponent(username),
    password: decodeURIComponent(password),
    database,
    cluster,
  }
}

/** Without the password. */
export const nameOf = ({ url, database }: Address): string => `${database} at ${url}`
