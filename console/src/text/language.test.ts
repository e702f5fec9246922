// Which language a browser is answered in.
import { expect, it } from 'vitest'
import { preferred } from './language.ts'

it.each([
  [['zh-CN', 'en'], 'zh'],
  [['ZH-Hant-TW'], 'zh'],
  [['en-GB', 'zh'], 'en'],
  [['fr', 'zh', 'en'], 'zh'],
  [['fr'], 'en'],
  [[], 'en'],
] as const)('%j is answered in %s', (tags, language) => {
  expect(preferred(tags)).toBe(language)
})
