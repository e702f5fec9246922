// The memory engine keeps the contract of every port.

import { defaultStoreSettings } from '../../src/ledger/store.ts'
import { openMemoryApps } from '../../src/store/memory/apps.ts'
import { openMemoryClock } from '../../src/store/memory/clock.ts'
import { openMemoryGroups } from '../../src/store/memory/groups.ts'
import { openMemory } from '../../src/store/memory/store.ts'
import { openMemoryTokens } from '../../src/store/memory/tokens.ts'
import { appTableContractOf } from './apps.ts'
import { clockTableContractOf } from './clock.ts'
import { groupTableContractOf } from './groups.ts'
import { contractOf } from './store.ts'
import { tokenTableContractOf } from './tokens.ts'

contractOf(async (settings) => {
  const store = openMemory({ ...defaultStoreSettings, ...settings })
  return { store, close: () => store.close() }
}, 'memory')

appTableContractOf(async () => ({ apps: openMemoryApps(), close: async () => {} }), 'memory')

groupTableContractOf(async () => ({ groups: openMemoryGroups(), close: async () => {} }), 'memory')

tokenTableContractOf(async () => {
  const apps = openMemoryApps()
  return { apps, tokens: openMemoryTokens(apps), close: async () => {} }
}, 'memory')

clockTableContractOf(async () => ({ clock: openMemoryClock(), close: async () => {} }), 'memory')
