// The contract of the record of the believed clock (src/ledger/believed-clock.ts): one suite that every
// engine passes.
import { describe, expect, it, onTestFinished } from 'vitest'
import type { ClockTable } from '../../src/ledger/believed-clock.ts'

export interface OpenedClock {
  readonly clock: ClockTable
  /** Lets go of the table and opens what it kept; missing where an engine keeps nothing. */
  readonly reopen?: () => Promise<{ readonly clock: ClockTable }>
  readonly close: () => Promise<void>
}

const first = { believedMs: 1_716_177_600_000, placedMs: 0 }
const later = { believedMs: 1_716_181_200_000, placedMs: 1_719_000_000_000 }

export const clockTableContractOf = (open: () => Promise<OpenedClock>, name: string): void => {
  const fresh = async () => {
    const opened = await open()
    onTestFinished(opened.close)
    return opened
  }
  describe(`the ${name} record of the clock`, () => {
    it('is none in a new store', async () => {
      const { clock } = await fresh()
      expect(await clock.read()).toBeUndefined()
    })

    it('is what was kept last, an earlier time included', async () => {
      const { clock } = await fresh()
      await clock.keep(first)
      expect(await clock.read()).toEqual(first)
      await clock.keep(later)
      expect(await clock.read()).toEqual(later)
      await clock.keep(first)
      expect(await clock.read()).toEqual(first)
    })

    it('outlives a close', async ({ skip }) => {
      const { clock, reopen } = await fresh()
      if (reopen === undefined) return skip('keeps nothing once it is closed')
      await clock.keep(later)
      expect(await (await reopen()).clock.read()).toEqual(later)
    })
  })
}
