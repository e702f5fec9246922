// The embedded engine keeps the contract of every port, and keeps it across a reopening.
import { defaultStoreSettings } from '../../src/ledger/store.ts'
import { openEmbedded } from '../../src/store/embedded/store.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { appTableContractOf } from './apps.ts'
import { clockTableContractOf } from './clock.ts'
import { groupTableContractOf } from './groups.ts'
import { contractOf } from './store.ts'
import { tokenTableContractOf } from './tokens.ts'

const openIn = async (settings: { keepDays?: number } = {}, thread = false) => {
  const dir = makeTempDir()
  const openAgain = () =>
    openEmbedded({ ...defaultStoreSettings, ...settings, dir: dir.path, thread })
  let store = await openAgain()
  const reopen = async () => {
    await store.close()
    store = await openAgain()
    return store
  }
  const close = async () => {
    await store.close()
    dir.remove()
  }
  const { apps, tokens, groups, clock } = store
  return { store, apps, tokens, groups, clock, reopen, close }
}

contractOf((settings) => openIn(settings), 'embedded')

contractOf((settings) => openIn(settings, true), 'embedded, with its thread,')

appTableContractOf(async () => {
  const { apps, reopen, close } = await openIn()
  return { apps, reopen: async () => (await reopen()).apps, close }
}, 'embedded')

groupTableContractOf(async () => {
  const { groups, reopen, close } = await openIn()
  return { groups, reopen: async () => (await reopen()).groups, close }
}, 'embedded')

tokenTableContractOf(() => openIn(), 'embedded')

clockTableContractOf(() => openIn(), 'embedded')
