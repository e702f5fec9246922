// The memory engine keeps the contract of both ports.

import { defaultStoreSettings } from '../../src/ledger/store.ts'
import { openMemoryApps } from '../../src/store/memory/apps.ts'
import { openMemory } from '../../src/store/memory/store.ts'
import { appTableContractOf } from './apps.ts'
import { contractOf } from './store.ts'

contractOf(async (settings) => {
  const store = openMemory({ ...defaultStoreSettings, ...settings })
  return { store, close: () => store.close() }
}, 'memory')

appTableContractOf(async () => ({ apps: openMemoryApps(), close: async () => {} }), 'memory')
