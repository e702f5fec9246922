// What no tool knows about the tree: names, sizes, opening comments, and that the declared tables
// (reports, faults, refusals, dependencies) have their files, their pages and their tests.

import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { FAULTS } from '../src/ledger/fault.ts'
import { REFUSALS } from '../src/ledger/refusal.ts'
import { listFiles } from './support/files.ts'

const REPORTS = [
  'received',
  'received-detail',
  'messages',
  'messages-detail',
  'status',
  'users',
  'group-messages-detail',
  'group-users',
  'recent-messages',
  'message-hours',
  'days',
  'feed',
]

/** Every dependency of the running server and why it is worth its keep; adding one is a decision. */
const DEPENDENCIES: Record<string, string> = {
  '@clickhouse/client': 'the official client of ClickHouse, over HTTP; loaded only for --store',
  '@opentelemetry/api': 'traces: the interface of the other three; loaded only for --otlp-url',
  '@opentelemetry/exporter-trace-otlp-http': 'traces: sends spans by OTLP over HTTP, with retries',
  '@opentelemetry/resources': 'traces: names the service that sends spans',
  '@opentelemetry/sdk-trace': 'traces: collects spans in a bounded queue',
  commander: 'the command line: verbs, options, --help',
  fastify: 'the HTTP server: routing, limits, orderly shutdown',
  'fs-native-extensions': 'the embedded engine: locks of files, which Node has none of',
  'hyparquet-writer': 'export writes Parquet: plain JavaScript, nothing native',
  lmdb: 'the embedded engine: a crash-safe ordered map in one file',
  pino: 'the log: JSON lines, off the hot path',
  'prom-client':
    'metrics: histograms and the text that Prometheus reads; loaded only when asked for',
}

/** Files that are one declared table and may therefore be long, each with the reason. */
const LONG_TABLES: Record<string, string> = {
  'src/client/api.ts': 'made from the OpenAPI document',
}

const MAX_LINES = 400
const MAX_TEST_LINES = 600

const FORBIDDEN_PATH_WORDS = new Set(
  'utils helpers common manager service base impl new old legacy'.split(' '),
)

// Written in pieces, so that this file does not find itself.
const LEFT_UNDONE = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX'].join('|')})\\b`)
const MACHINE_PATH = new RegExp(`(?<![\\w.~-])/${'work'}/`)
const TEMPORARY_PATH = new RegExp(`(?<![\\w.~-])/${'tmp'}/`)
const REGISTRY_HOST = new RegExp(
  `\\b${'registry'}\\.[\\w-]+\\.(org|com|net|io|dev|cn)\\b|${'npm'}mirror`,
)

const root = fileURLToPath(new URL('..', import.meta.url))
const files = listFiles()
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8')
/** The text of a page that may not be written yet. */
const pageOf = (path: string): string => (existsSync(join(root, path)) ? textOf(path) : '')
const under = (...folders: string[]): string[] =>
  files.filter((path) => folders.some((folder) => path.startsWith(`${folder}/`)))
const isFixture = (path: string): boolean => path.startsWith('test/fixtures/')
const isCode = (path: string): boolean => /\.(tsx?|mjs)$/.test(path) && !isFixture(path)
const isTest = (path: string): boolean => path.startsWith('test/') || path.endsWith('.test.ts')
const lineCount = (text: string): number => text.trimEnd().split('\n').length

const code = under('src', 'console', 'test', 'bench', 'scripts').filter(isCode)
const pages = files.filter((path) => path.endsWith('.md') && !isFixture(path))
const testText = code.filter(isTest).map(textOf).join('\n')
const apartFromTidy = under('test')
  .filter((path) => isCode(path) && path !== 'test/tidy.test.ts')
  .map(textOf)
  .join('\n')

const escaped = (word: string | number): string =>
  String(word).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
const hasWord = (text: string, word: string | number): boolean =>
  new RegExp(`(?<![\\w-])${escaped(word)}(?![\\w-])`).test(text)

describe('files', () => {
  it('open with a comment in src and console', () => {
    const opens = (path: string) => /^(#!.*\n)?\s*(\/\/|\/\*)/.test(textOf(path))
    expect(under('src', 'console').filter((path) => isCode(path) && !opens(path))).toEqual([])
  })

  it('have names that say something', () => {
    const isVague = (path: string) =>
      path.split(/[/._-]/).some((word) => FORBIDDEN_PATH_WORDS.has(word.toLowerCase()))
    expect(code.filter(isVague)).toEqual([])
  })

  it('stay short', () => {
    const isLong = (path: string) =>
      lineCount(textOf(path)) > (isTest(path) ? MAX_TEST_LINES : MAX_LINES)
    expect(code.filter((path) => isLong(path) && LONG_TABLES[path] === undefined)).toEqual([])
    expect(Object.keys(LONG_TABLES).filter((path) => !files.includes(path))).toEqual([])
  })

  it('leave nothing undone', () => {
    const paths = under('src', 'console', 'test', 'bench', 'docs').filter(
      (path) => !isFixture(path),
    )
    expect(paths.filter((path) => LEFT_UNDONE.test(textOf(path)))).toEqual([])
  })

  it('name no machine of ours', () => {
    const isOurs = (path: string) => {
      const text = textOf(path)
      const isPage = path.endsWith('.md')
      return (
        MACHINE_PATH.test(text) || REGISTRY_HOST.test(text) || (isPage && TEMPORARY_PATH.test(text))
      )
    }
    expect(files.filter(isOurs)).toEqual([])
  })

  it('know in ingest and http only the types of the clock and the log', () => {
    const importsValue = (path: string) =>
      /^import (?!type\b)[^';]*?from '[./]+\/(clock|log)\.ts'/m.test(textOf(path))
    const paths = under('src/ingest', 'src/http').filter((path) => !isTest(path))
    expect(paths.filter(importsValue)).toEqual([])
  })
})

describe('each report has its files', () => {
  const places = (noun: string) => [
    `src/report/${noun}.ts`,
    `src/http/routes/${noun}.ts`,
    `docs/reference/${noun}.md`,
    `test/api/${noun}.test.ts`,
  ]
  it.each(REPORTS)('%s', (noun) => {
    expect(places(noun).filter((path) => !files.includes(path))).toEqual([])
  })
})

describe('each fault is documented and provoked', () => {
  const page = pageOf('docs/reference/errors.md')
  it.each(Object.entries(FAULTS))('%s', (name, fault) => {
    expect(hasWord(page, fault.code), `${fault.code} in docs/reference/errors.md`).toBe(true)
    expect(apartFromTidy.includes(`'${name}'`), `'${name}' in a test`).toBe(true)
  })
})

describe('each refusal is documented and provoked', () => {
  const page = pageOf('docs/reference/events.md')
  it.each([...REFUSALS])('%s', (refusal) => {
    expect(hasWord(page, refusal), `${refusal} in docs/reference/events.md`).toBe(true)
    expect(testText.includes(`'${refusal}'`), `'${refusal}' in a test`).toBe(true)
  })
})

it('each line that the server logs stands in the guide, with its level', () => {
  const call = /\blog\.(debug|info|warn|error)\(\s*(?:\{[^}]*\},\s*)?(['`])(.+?)\2/g
  const calls = under('src')
    .filter((path) => isCode(path) && !isTest(path))
    .flatMap((path) => [...textOf(path).matchAll(call)])
    .map(([, level = '', , text = '']) => `${level} ${text.replaceAll(/\$\{\w+\}/g, '…')}`)
  const rows = [...pageOf('docs/operating/guide.md').matchAll(/^\| \d0 (\w+) \| `(.+?)` \|/gm)]
  const documented = rows.map(([, level, text]) => `${level} ${text}`)
  expect(calls.length).toBeGreaterThan(15)
  expect([...new Set(calls)].filter((line) => !documented.includes(line))).toEqual([])
  // A line that a table holds is no literal of its call.
  const source = under('src').filter(isCode).map(textOf).join('\n')
  const isGone = ([, , text = '']: string[]) =>
    text.split('…').some((part) => !source.includes(part.trim()))
  expect(rows.filter(isGone)).toEqual([])
})

it('the dependencies are those we decided on', () => {
  const manifest = JSON.parse(textOf('package.json')) as { dependencies: Record<string, string> }
  expect(Object.keys(manifest.dependencies).sort()).toEqual(Object.keys(DEPENDENCIES).sort())
})

it('each dependency stands on its page, with its reason', () => {
  const manifest = JSON.parse(textOf('package.json')) as {
    dependencies: Record<string, string>
    devDependencies: Record<string, string>
  }
  const [running = '', building = ''] = pageOf('docs/internals/dependencies.md')
    .split(/^## /m)
    .slice(1)
  const rowsOf = (section: string) =>
    [...section.matchAll(/^\| `([^`]+)` \| (.+) \|$/gm)].map(([, name, why]) => [name, why])
  expect(rowsOf(running)).toEqual(Object.entries(DEPENDENCIES))
  expect(rowsOf(building).map(([name]) => name)).toEqual(Object.keys(manifest.devDependencies))
  const all = { ...manifest.dependencies, ...manifest.devDependencies }
  expect(
    Object.values(all).filter((version) => !/^(npm:[\w-]+@)?\d+\.\d+\.\d+$/.test(version)),
  ).toEqual([])
})

it('the lock file names no address to fetch from', () => {
  expect(textOf('package-lock.json').includes('"resolved"')).toBe(false)
})

it('relative links between pages resolve', () => {
  const withoutCode = (text: string) =>
    text.replace(/^(```|~~~)[\s\S]*?^\1/gm, '').replace(/`[^`\n]*`/g, '')
  const linksOf = (path: string) => {
    const text = withoutCode(textOf(path))
    const inline = [...text.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)]
    const named = [...text.matchAll(/^\[[^\]]+\]:\s+<?([^\s>]+)/gm)]
    return [...inline, ...named].map((match) => match[1]!)
  }
  const isBroken = (page: string, link: string) => {
    if (/^([a-z][a-z0-9+.-]*:|#)/i.test(link)) return false
    const target = decodeURI(link.replace(/[#?].*$/, ''))
    const from = target.startsWith('/') ? '' : dirname(page)
    return !existsSync(join(root, from, target))
  }
  const broken = pages.flatMap((page) =>
    linksOf(page)
      .filter((link) => isBroken(page, link))
      .map((link) => `${page}: ${link}`),
  )
  expect(broken).toEqual([])
})

describe('assertions can fail', () => {
  const tests = code.filter(isTest).filter((path) => path !== 'test/tidy.test.ts')

  /** Matchers that null, a promise or any object passes: say what is expected instead. */
  const LOOSE = /\.(toBeDefined|toBeTruthy|toBeFalsy)\(|\.not\.toBeUndefined\(/

  it('no matcher passes on null or on a promise', () => {
    const isLoose = (path: string) => LOOSE.test(textOf(path))
    expect(tests.filter(isLoose)).toEqual([])
  })

  const STATEMENT = /^(\s*)(await |return |void )?expect(\.poll|\.soft)?\(/
  const CALLED = /\)\.(not\.|rejects\.|resolves\.)*to[A-Z]\w*\(/

  /**
   * The statements that begin with expect and call no matcher, or do not wait for one that is asynchronous. Code is
   * formatted, so a statement ends before the next line that is indented as it is, but for its closing brackets.
   */
  const idle = (text: string): string[] => {
    const lines = text.split('\n')
    return lines.filter((line, i) => {
      const [opens, indent = '', before = ''] = STATEMENT.exec(line) ?? []
      if (opens === undefined) return false
      const rest = lines.slice(i + 1)
      const isOver = (next: string) =>
        next.startsWith(indent) && /^[^\s)\]}.]/.test(next.slice(indent.length))
      const end = rest.findIndex(
        (next) => isOver(next) || next.trim() === '' || next.length < indent.length,
      )
      const statement = [line, ...rest.slice(0, end)].join('\n')
      const isLate = /\)\.(rejects|resolves)\./.test(statement) || opens.includes('.poll')
      return !CALLED.test(statement) || (isLate && !/await|return/.test(before))
    })
  }

  it.each([
    ['expect(a)\nb()', 1],
    ['expect(a).toBeNull\nb()', 1],
    ['  expect(\n    a,\n  )\n  b()', 1],
    ['  expect(f()).rejects.toThrow()\n  b()', 1],
    ['expect(a).toBe(1)\nb()', 0],
    ['  expect(\n    a,\n  ).toEqual([\n    1,\n  ])\n  b()', 0],
    ['  await expect(\n    f(),\n  ).rejects.toThrow()\n  b()', 0],
  ])('%j has %i idle assertions', (text, count) => {
    expect(idle(text)).toHaveLength(count)
  })

  it('each calls a matcher, and waits for one that is asynchronous', () => {
    const found = tests.flatMap((path) =>
      idle(textOf(path)).map((line) => `${path}: ${line.trim()}`),
    )
    expect(found).toEqual([])
  })
})
