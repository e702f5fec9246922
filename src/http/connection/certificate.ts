// The certificate and the key with which the server speaks TLS: read from files, at the start and
// anew when asked, and refused with a sentence before anything is changed.
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'

/** Paths of PEM files; `cert` may go on with the chain. */
export interface CertificateFiles {
  readonly cert: string
  readonly key: string
}

export interface Certificate {
  readonly cert: Buffer
  readonly key: Buffer
  readonly validTo: Date
}

/** A file that is no use, told in one sentence. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError'
}

/** Throws CertificateError where the two cannot be read or do not belong together. */
export const readCertificate = (files: CertificateFiles): Certificate => {
  const cert = fileOf(files.cert)
  const key = fileOf(files.key)
  const { validTo } = attempt(`${files.cert} holds no certificate in PEM form`, () => {
    return new X509Certificate(cert)
  })
  attempt(`${files.key} holds no unencrypted private key of the certificate ${files.cert}`, () => {
    return createSecureContext({ cert, key })
  })
  return { cert, key, validTo: new Date(validTo) }
}

const fileOf = (path: string): Buffer =>
  attempt(`the file ${path} cannot be read`, () => readFileSync(path))

const attempt = <T>(sentence: string, work: () => T): T => {
  try {
    return work()
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new CertificateError(`${sentence}: ${reason}`, { cause })
  }
}
