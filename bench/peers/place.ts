// Where bench/install-peers.mjs puts what npm has of the peers: outside the repository, since the
// server needs none of it. And what to say of those that are not there.
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The folder whose `node_modules` holds them. */
export const peersPlace = process.env['BENCH_PEERS'] ?? join(tmpdir(), 'pushledger-bench-peers')

export const missingPackage = (name: string): string | undefined =>
  existsSync(join(peersPlace, 'node_modules', name, 'package.json'))
    ? undefined
    : `no ${name}: npm run bench:peers`

/** A package from there. Its shape is what the caller says it is. */
export const requirePackage = <Shape>(name: string): Shape =>
  createRequire(join(peersPlace, 'package.json'))(name) as Shape
