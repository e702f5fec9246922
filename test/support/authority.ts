// A throw-away authority for tests that speak TLS: certificates for some names, in files of a
// directory that the caller removes.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { haveProgram } from './debian.ts'

export interface Issued {
  readonly cert: string
  readonly key: string
}

export interface Authority {
  /** The file of its own certificate, for those that are to trust it. */
  readonly cert: string
  /** A certificate with the names or addresses, like `DNS:example.com` or `IP:127.0.0.1`. */
  issue(file: string, ...names: readonly string[]): Issued
}

const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

export const openAuthority = (dir: string): Authority => {
  if (!haveProgram('openssl')) throw new Error('there is no openssl: apt-get install openssl')
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: dir, stdio: 'pipe' })
  const path = (name: string) => join(dir, name)
  const own = { cert: path('ca.crt'), key: path('ca.key') }
  openssl('req', '-x509', ...curve, '-keyout', own.key, '-out', own.cert, '-subj', '/CN=test')
  return {
    cert: own.cert,
    issue: (file, ...names) => {
      const issued = { cert: path(`${file}.crt`), key: path(`${file}.key`) }
      const request = path(`${file}.csr`)
      openssl('req', ...curve, '-keyout', issued.key, '-out', request, '-subj', `/CN=${file}`)
      const extensions = path(`${file}.ext`)
      writeFileSync(extensions, `subjectAltName=${names.join(',')}\n`)
      const by = ['-CA', own.cert, '-CAkey', own.key, '-CAcreateserial', '-extfile', extensions]
      openssl('x509', '-req', '-in', request, ...by, '-days', '2', '-out', issued.cert)
      return issued
    },
  }
}
