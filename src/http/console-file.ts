// The console as it was built: its files, read once at the start, and packed then for whoever takes them
// so. Serving one is a look-up; the disk is never asked again.
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { tagOf } from './conditional.ts'

export interface ConsoleFile {
  /** From the root: `/assets/index-4f.js`; that of `index.html` is `/`. */
  readonly path: string
  readonly type: string
  /** Its name changes with what is in it. */
  readonly isNamedByContent: boolean
  /** From the shortest to the plain one, which everybody takes. */
  readonly forms: readonly Form[]
}

export interface Form {
  readonly encoding: 'br' | 'gzip' | 'identity'
  readonly bytes: Buffer
  readonly tag: string
}

const text = 'charset=utf-8'
const types: Readonly<Record<string, string>> = {
  '.html': `text/html; ${text}`,
  '.js': `text/javascript; ${text}`,
  '.css': `text/css; ${text}`,
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.txt': `text/plain; ${text}`,
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
}
const packedAlready = new Set(['.png', '.woff2'])
const byDefault = 'application/octet-stream'

// The last two steps would save a few bytes in a hundred, and take a start many times as long.
const brotliSettings = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }
const packBrotli = promisify(brotliCompress)
const packGzip = promisify(gzip)

/** Empty where there is no such folder. */
export const readConsole = async (dir: string): Promise<readonly ConsoleFile[]> => {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(noneIfMissing)
  const names = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(dir, join(parentPath, name)).split(sep).join('/'))
    // What a build leaves there for other tools.
    .filter((name) => !/(^|\/)\./.test(name))
  return Promise.all(
    names.map(async (name) => {
      const extension = extname(name)
      return {
        path: name === 'index.html' ? '/' : `/${name}`,
        type: types[extension] ?? byDefault,
        isNamedByContent: name.startsWith('assets/'),
        forms: await formsOf(await readFile(join(dir, name)), !packedAlready.has(extension)),
      }
    }),
  )
}

const noneIfMissing = (error: unknown): [] => {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
  throw error
}

const formsOf = async (plain: Buffer, isToBePacked: boolean): Promise<readonly Form[]> => {
  const form = (encoding: Form['encoding'], bytes: Buffer) => ({
    encoding,
    bytes,
    tag: tagOf(bytes),
  })
  const whole = form('identity', plain)
  if (!isToBePacked) return [whole]
  const packed = [
    form('br', await packBrotli(plain, brotliSettings)),
    form('gzip', await packGzip(plain, { level: 9 })),
  ]
  return [...packed.filter(({ bytes }) => bytes.length < plain.length), whole]
}
