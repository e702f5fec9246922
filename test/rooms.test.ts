// The borders between rooms, as one table. A room is a folder under src or console/src; the table says which
// other rooms and which packages its files may import. Type imports count. No two files, and no two rooms,
// import each other, directly or through others.

import { readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { listFiles } from './support/files.ts'

interface Room {
  /** Rooms that its files may import. */
  readonly sees: readonly string[]
  /** Packages that its files may import, besides Node's own modules. */
  readonly packages?: readonly string[]
}

const ROOMS: Readonly<Record<string, Room>> = {
  'src/apps': { sees: ['src/ledger'] },
  'src/audit': { sees: ['src/apps', 'src/http/access', 'src/ledger', 'src/runtime'] },
  'src/cli': {
    sees: [
      'src/apps',
      'src/audit',
      'src/client',
      'src/demo',
      'src/export',
      'src/http/connection',
      'src/http/endpoint',
      'src/import',
      'src/ledger',
      'src/runtime',
      'src/server',
      'src/settings',
      'src/store',
      'src/store/clickhouse',
      'src/store/move',
    ],
    packages: ['commander'],
  },
  'src/client': { sees: ['src/http/endpoint'] },
  'src/demo': { sees: ['src/ledger'] },
  'src/export': { sees: ['src/ledger', 'src/report'], packages: ['hyparquet-writer'] },
  'src/http': {
    sees: [
      'src/apps',
      'src/http/access',
      'src/http/body',
      'src/http/connection',
      'src/http/endpoint',
      'src/http/routes',
      'src/ingest',
      'src/ledger',
      'src/openapi',
      'src/report',
      'src/runtime',
    ],
    packages: ['fastify'],
  },
  'src/http/access': { sees: ['src/apps', 'src/http/endpoint', 'src/ledger', 'src/runtime'] },
  'src/http/body': { sees: ['src/ledger', 'src/runtime'] },
  'src/http/connection': { sees: ['src/http/endpoint', 'src/ledger', 'src/runtime'] },
  'src/http/endpoint': { sees: ['src/apps', 'src/http/body', 'src/ledger', 'src/report'] },
  'src/http/routes': {
    sees: [
      'src/apps',
      'src/http/access',
      'src/http/endpoint',
      'src/ingest',
      'src/ledger',
      'src/openapi',
      'src/report',
    ],
  },
  'src/import': { sees: ['src/client', 'src/http/endpoint', 'src/runtime'] },
  'src/ingest': { sees: ['src/ingest/body', 'src/ingest/rules', 'src/ledger', 'src/runtime'] },
  'src/ingest/body': { sees: ['src/ingest/line', 'src/ingest/rules', 'src/ledger', 'src/runtime'] },
  'src/ingest/line': { sees: ['src/ledger', 'src/runtime'] },
  'src/ingest/rules': { sees: ['src/ingest/line', 'src/ledger'] },
  'src/ingest/worker': {
    sees: ['src/ingest/body', 'src/ingest/line', 'src/ingest/rules', 'src/ledger', 'src/runtime'],
  },
  'src/ledger': { sees: [] },
  'src/metrics': { sees: ['src/ingest', 'src/ledger', 'src/store'], packages: ['prom-client'] },
  'src/openapi': { sees: ['src/ledger', 'src/report', 'src/runtime'] },
  'src/report': { sees: ['src/ledger', 'src/runtime'] },
  'src/runtime': { sees: ['src/ledger'], packages: ['pino'] },
  'src/server': {
    sees: [
      'src/apps',
      'src/audit',
      'src/http',
      'src/http/access',
      'src/http/body',
      'src/http/connection',
      'src/http/routes',
      'src/ingest',
      'src/ingest/worker',
      'src/ledger',
      'src/metrics',
      'src/runtime',
      'src/store',
      'src/store/clickhouse',
      'src/traces',
    ],
    packages: ['fastify'],
  },
  'src/settings': { sees: ['src/ledger', 'src/runtime', 'src/store/clickhouse'] },
  'src/store': {
    sees: [
      'src/apps',
      'src/ledger',
      'src/runtime',
      'src/store/clickhouse',
      'src/store/embedded',
      'src/store/embedded/lmdb',
      'src/store/embedded/maintenance',
      'src/store/embedded/query',
      'src/store/embedded/tables',
    ],
  },
  'src/store/clickhouse': {
    sees: ['src/apps', 'src/ledger', 'src/runtime'],
    packages: ['@clickhouse/client'],
  },
  'src/store/embedded': {
    sees: [
      'src/apps',
      'src/ledger',
      'src/store/embedded/append',
      'src/store/embedded/devices',
      'src/store/embedded/lmdb',
      'src/store/embedded/maintenance',
      'src/store/embedded/query',
      'src/store/embedded/tables',
    ],
  },
  'src/store/embedded/append': {
    sees: [
      'src/ledger',
      'src/runtime',
      'src/store/embedded/device-set',
      'src/store/embedded/devices',
      'src/store/embedded/lmdb',
      'src/store/embedded/rollups',
      'src/store/embedded/states',
    ],
  },
  'src/store/embedded/device-set': {
    sees: [
      'src/ledger',
      'src/store/embedded/leaf',
      'src/store/embedded/lmdb',
      'src/store/embedded/states',
    ],
  },
  'src/store/embedded/devices': { sees: ['src/ledger', 'src/runtime', 'src/store/embedded/lmdb'] },
  'src/store/embedded/leaf': { sees: ['src/store/embedded/lmdb', 'src/store/embedded/states'] },
  'src/store/embedded/lmdb': {
    sees: ['src/apps', 'src/ledger', 'src/runtime', 'src/store/embedded/states'],
    packages: ['lmdb'],
  },
  'src/store/embedded/maintenance': {
    sees: [
      'src/apps',
      'src/ledger',
      'src/runtime',
      'src/store/embedded/append',
      'src/store/embedded/device-set',
      'src/store/embedded/devices',
      'src/store/embedded/leaf',
      'src/store/embedded/lmdb',
      'src/store/embedded/query',
      'src/store/embedded/rollups',
      'src/store/embedded/states',
    ],
  },
  'src/store/embedded/query': {
    sees: [
      'src/apps',
      'src/ledger',
      'src/runtime',
      'src/store/embedded/device-set',
      'src/store/embedded/devices',
      'src/store/embedded/leaf',
      'src/store/embedded/lmdb',
      'src/store/embedded/rollups',
      'src/store/embedded/states',
    ],
  },
  'src/store/embedded/rollups': {
    sees: [
      'src/ledger',
      'src/store/embedded/device-set',
      'src/store/embedded/lmdb',
      'src/store/embedded/states',
    ],
  },
  'src/store/embedded/states': { sees: ['src/ledger'] },
  'src/store/embedded/tables': { sees: ['src/apps', 'src/ledger', 'src/store/embedded/lmdb'] },
  'src/store/memory': { sees: ['src/apps', 'src/ledger'] },
  'src/store/move': {
    sees: [
      'src/apps',
      'src/ledger',
      'src/store/clickhouse',
      'src/store/embedded/lmdb',
      'src/store/embedded/query',
      'src/store/embedded/tables',
    ],
  },
  'src/traces': {
    sees: ['src/runtime'],
    packages: [
      '@opentelemetry/api',
      '@opentelemetry/exporter-trace-otlp-http',
      '@opentelemetry/resources',
      '@opentelemetry/sdk-trace',
    ],
  },
}

const root = fileURLToPath(new URL('..', import.meta.url))
const sources = listFiles().filter(
  (path) => path.startsWith('src/') && path.endsWith('.ts') && !path.endsWith('.test.ts'),
)

interface Import {
  readonly from: string
  readonly to: string
}

const importPattern =
  /(?:^|\n)(?:import|export)\s[^'"]*?from\s+'([^']+)'|import\(\s*'([^']+)'\s*\)/g

const specifiersOf = (path: string): readonly string[] =>
  [...readFileSync(join(root, path), 'utf8').matchAll(importPattern)].map(
    ([, fixed, lazy]) => fixed ?? lazy ?? '',
  )

const isRelative = (specifier: string): boolean => specifier.startsWith('.')

const imports: readonly Import[] = sources.flatMap((from) =>
  specifiersOf(from)
    .filter(isRelative)
    .map((specifier) => ({ from, to: normalize(join(dirname(from), specifier)) })),
)

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')

/** The first ring of imports, as a chain that ends where it began; undefined where there is none. */
const ringIn = (arrows: ReadonlyMap<string, ReadonlySet<string>>): string | undefined => {
  const done = new Set<string>()
  const walk = (at: string, chain: readonly string[]): string | undefined => {
    const before = chain.indexOf(at)
    if (before >= 0) return [...chain.slice(before), at].join(' → ')
    if (done.has(at)) return undefined
    for (const next of arrows.get(at) ?? []) {
      const ring = walk(next, [...chain, at])
      if (ring !== undefined) return ring
    }
    done.add(at)
    return undefined
  }
  for (const at of arrows.keys()) {
    const ring = walk(at, [])
    if (ring !== undefined) return ring
  }
  return undefined
}

const arrowsOf = (pairs: readonly Import[]): ReadonlyMap<string, ReadonlySet<string>> => {
  const arrows = new Map<string, Set<string>>()
  for (const { from, to } of pairs) {
    if (from === to) continue
    const ends = arrows.get(from) ?? new Set()
    arrows.set(from, ends.add(to))
  }
  return arrows
}

const roomPairs = imports.map(({ from, to }) => ({ from: dirname(from), to: dirname(to) }))

describe('rooms', () => {
  it('are exactly those of the table', () => {
    const rooms = [...new Set(sources.map((path) => dirname(path)))].sort()
    expect(rooms).toEqual(Object.keys(ROOMS).sort())
  })

  it('import only the rooms that the table names, and the table names none in vain', () => {
    const seen = new Map<string, Set<string>>()
    for (const { from, to } of roomPairs) {
      if (from !== to) seen.set(from, (seen.get(from) ?? new Set()).add(to))
    }
    const found = Object.fromEntries(
      Object.keys(ROOMS).map((room) => [room, [...(seen.get(room) ?? [])].sort()]),
    )
    const declared = Object.fromEntries(
      Object.entries(ROOMS).map(([room, { sees }]) => [room, [...sees].sort()]),
    )
    expect(found).toEqual(declared)
  })

  it('import only the packages that the table names', () => {
    const strays = sources.flatMap((path) =>
      specifiersOf(path)
        .filter((specifier) => !isRelative(specifier) && !specifier.startsWith('node:'))
        .map(packageOf)
        .filter((name) => !(ROOMS[dirname(path)]?.packages ?? []).includes(name))
        .map((name) => `${path} imports ${name}`),
    )
    expect(strays).toEqual([])
  })

  it('form no ring, and neither do their files', () => {
    expect(ringIn(arrowsOf(roomPairs))).toBeUndefined()
    expect(ringIn(arrowsOf(imports))).toBeUndefined()
  })

  it('are told from rings by a walk that finds one', () => {
    const ring = arrowsOf([
      { from: 'a', to: 'b' },
      { from: 'b', to: 'c' },
      { from: 'c', to: 'a' },
    ])
    expect(ringIn(ring)).toBe('a → b → c → a')
  })
})
