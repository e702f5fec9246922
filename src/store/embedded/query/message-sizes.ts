// The sizes of a message counted from its states: for selections that were added after its header was written.
import type { Day } from '../../../ledger/day.ts'
import type { MsgId } from '../../../ledger/ids.ts'
import type { App } from '../../../ledger/store.ts'
import { readHeader } from '../device-set/header.ts'
import type { Environment } from '../lmdb/environment.ts'
import type { SheetKind } from '../states/selections.ts'
import { Sizes } from '../states/sizes.ts'
import { selectionsIn } from '../states/state-table.ts'
import { walkStates } from './scan.ts'

/** What a header says, where that is true of every selection. */
export const sizesAsOf = (header: Uint8Array, kind: SheetKind): Sizes | undefined => {
  const { revision, sizes } = readHeader(header, kind)
  return revision === kind.revision ? sizes : undefined
}

/** Yields between stretches, which are of one snapshot each and none of the same device. */
export function* walkSizes(
  environment: Environment,
  app: Pick<App, 'id'>,
  msgId: MsgId,
  firstDay: Day,
): Generator<void, Sizes> {
  const { selectionsOfCell } = environment.numbering().messages
  const sizes = new Sizes()
  yield* walkStates(environment, app, msgId, firstDay, (facts, devices) => {
    for (const number of selectionsIn(facts, selectionsOfCell)) sizes.add(number, devices)
  })
  return sizes
}
