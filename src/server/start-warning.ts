// What an operator should be warned of once, at the start: secrets or metrics that leave the machine
// unencrypted, and a certificate that has expired.
import type { Certificate } from '../http/connection/certificate.ts'
import type { Log } from '../runtime/log.ts'

export const warnOf = (
  log: Log,
  host: string,
  certificate: Certificate | undefined,
  nowMs: number,
): void => {
  if (certificate === undefined && !isLoopback(host)) {
    log.warn({ host }, 'secrets travel here unencrypted: give --tls-cert and --tls-key')
  }
  if (certificate !== undefined && certificate.validTo.getTime() < nowMs) {
    log.warn({ validTo: certificate.validTo }, 'the certificate has expired')
  }
}

/** The port of metrics speaks plain HTTP, whatever the other does. */
export const warnOfMetrics = (
  log: Log,
  { host, metricsPort = null }: { readonly host: string; readonly metricsPort?: number | null },
): void => {
  if (metricsPort === null || isLoopback(host)) return
  log.warn({ host }, 'metrics travel here unencrypted: keep their port to those who watch')
}

const isLoopback = (host: string): boolean => /^(localhost|::1|127\.[0-9.]+)$/.test(host)
