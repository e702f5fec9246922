// pushledger backup and compact: a whole copy of a directory beside a running server, and a smaller file
// in place of one that nobody serves.
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { backUpDirectory, compactDirectory } from '../store/backup.ts'
import { atData, audited } from './audited.ts'
import { count } from './columns.ts'
import { type Common, ledgerAt, mapBytesOf } from './tables.ts'
import { addData, addJson, print } from './usage.ts'

export const addBackup = (program: Command): void => {
  const backup = program
    .command('backup')
    .description('copy the ledger as it is now into an empty or new directory, beside a server too')
    .argument('<dir>', 'where to')
  addJson(addData(backup)).action(
    audited({ at: atData, target: ([to]) => ({ to: resolve(to) }), verb: backUp }),
  )
}

export const addCompact = (program: Command): void => {
  const compacting = program
    .command('compact')
    .description(
      'write the ledger anew without the room that it no longer needs; no server may run',
    )
  addJson(addData(compacting)).action(audited({ at: atData, target: () => ({}), verb: compact }))
}

const backUp = async (to: string, { data, mapSize, json }: Common): Promise<void> => {
  const { bytes, values } = await backUpDirectory(ledgerAt(data), to, mapBytesOf(mapSize))
  if (json) print(JSON.stringify({ dir: to, values, bytes }))
  else print(`${count(values)} values of ${count(bytes)} bytes copied to ${to}`)
}

const compact = async ({ data, mapSize, json }: Common): Promise<void> => {
  const { bytesBefore, bytes, values } = await compactDirectory(ledgerAt(data), mapBytesOf(mapSize))
  if (json) print(JSON.stringify({ values, bytes_before: bytesBefore, bytes }))
  else print(`${count(values)} values take ${count(bytes)} bytes, before ${count(bytesBefore)}`)
}
