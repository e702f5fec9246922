// A target never shows a secret, wherever somebody typed it.
import { expect, it } from 'vitest'
import { withoutSecrets } from './audit-line.ts'

const secret = 'ABCDefgh0123456789ijklMN'
const key = 'a1b2c3d4e5f6a7b8c9d0e1f2'

it.each([
  ['a key that the verb found', { app: key, name: 'Shop' }, true, { app: key, name: 'Shop' }],
  ['a key that it did not find', { app: key }, false, { app: 'a1b2…' }],
  ['a secret for a key', { group: secret, app: key }, false, { group: 'ABCD…', app: 'a1b2…' }],
  ['a secret for a name', { app: key, name: secret }, true, { app: key, name: 'ABCD…' }],
  ['a token for an id', { token: `plf_1234_${secret}` }, false, { token: 'plf_1234_ABCD…' }],
  ['a secret in a path', { to: `/backup/${secret}/a` }, true, { to: '/backup/ABCD…/a' }],
  [
    'what is no text',
    { vip: true, messages: 3, out: undefined },
    false,
    { vip: true, messages: 3 },
  ],
])('shows %s', (_, target, isDone, shown) => {
  expect(withoutSecrets(target, isDone)).toEqual(shown)
})
