// Copying in a process of its own: should the library end on a damaged file, or the copy take too long,
// the caller lives on. argv holds the directory, the size of the map or nothing, and where the copy goes to, or no place
// for compact; one line on stdout tells what was copied, or why it was not.

import { StoreError } from '../../../ledger/store-error.ts'
import { backUp, type Copied, compact } from './backup.ts'

export type CopySaid = { readonly copied: Copied } | { readonly refused: string }

const say = (said: CopySaid): void => {
  process.stdout.write(`${JSON.stringify(said)}\n`)
}

const [, , dir = '', mapSize = '', to] = process.argv
const mapBytes = mapSize === '' ? undefined : Number(mapSize)
try {
  say({ copied: to === undefined ? await compact(dir, mapBytes) : await backUp(dir, to, mapBytes) })
} catch (error) {
  const why = error instanceof Error ? error.message : String(error)
  const isSentence = error instanceof StoreError
  say({ refused: isSentence ? why : `The copy to ${to ?? dir} cannot be written: ${why}` })
}
