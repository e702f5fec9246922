// From sets of cells to the sizes of selections. ClickHouse counts, per message, how many devices have
// exactly which cells, as a mask of bits; a device counts for each selection that has one of its cells.
import { CELLS } from '../../ledger/channel.ts'
import { SELECTIONS, SELECTIONS_OF_CELL } from '../../ledger/selection.ts'

/** The cells of each device of a group, as one number; for the list of what is asked. */
export const maskOfCells = 'groupBitOr(bitShiftLeft(toUInt256(1), cell))'

const found = new Map<string, readonly number[]>()
// There are as many as ways to reach a device: hundreds, not thousands.
const rememberedMax = 10_000

/** The numbers of the selections that have a cell of the mask. */
const selectionsIn = (mask: string): readonly number[] => {
  const known = found.get(mask)
  if (known !== undefined) return known
  if (found.size >= rememberedMax) found.clear()
  const bits = BigInt(mask)
  const numbers = new Set<number>()
  for (const cell of CELLS) {
    if ((bits >> BigInt(cell)) % 2n === 0n) continue
    for (const number of SELECTIONS_OF_CELL[cell] ?? []) numbers.add(number)
  }
  const listed = [...numbers]
  found.set(mask, listed)
  return listed
}

export const noSizes = (): number[] => SELECTIONS.map(() => 0)

export const addDevices = (sizes: number[], mask: string, devices: number): void => {
  for (const number of selectionsIn(mask)) sizes[number] = (sizes[number] ?? 0) + devices
}
