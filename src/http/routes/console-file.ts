// The console as it was built: its files, read once at the start, with the packed ones that stand beside
// them. Serving one is a look-up; the disk is never asked again.
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { tagOf } from '../endpoint/etag.ts'

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
const byDefault = 'application/octet-stream'
/** How the names of packed files end. */
const endings = { br: '.br', gzip: '.gz', identity: '' } as const
const packedEnding = /\.(br|gz)$/

/** Empty where there is no such folder. */
export const readConsole = async (dir: string): Promise<readonly ConsoleFile[]> => {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(noneIfMissing)
  const names = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(dir, join(parentPath, name)).split(sep).join('/'))
    // What a build leaves there for other tools.
    .filter((name) => !/(^|\/)\./.test(name))
  return Promise.all(
    names
      .filter((name) => !packedEnding.test(name))
      .map(async (name) => ({
        path: name === 'index.html' ? '/' : `/${name}`,
        type: types[extname(name)] ?? byDefault,
        isNamedByContent: /(^|\/)assets\//.test(name),
        forms: await formsOf(dir, name, names),
      })),
  )
}

const noneIfMissing = (error: unknown): [] => {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
  throw error
}

const formsOf = (dir: string, name: string, names: readonly string[]): Promise<readonly Form[]> => {
  const encodings = (['br', 'gzip', 'identity'] as const).filter((encoding) =>
    names.includes(`${name}${endings[encoding]}`),
  )
  return Promise.all(
    encodings.map(async (encoding) => {
      const bytes = await readFile(join(dir, `${name}${endings[encoding]}`))
      return { encoding, bytes, tag: tagOf(bytes) }
    }),
  )
}
