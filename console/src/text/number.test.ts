// Numbers in both languages, the enormous ones too.
import { describe, expect, it } from 'vitest'
import { shareOf } from '../../../src/ledger/share.ts'
import { numbersOf } from './number.ts'

const en = numbersOf('en')
const zh = numbersOf('zh')

describe('a number', () => {
  it('is written in full as long as it fits', () => {
    expect(en.brief(9_999_999)).toBe('9,999,999')
    expect(en.brief(12_345_678)).toBe('12.35M')
    expect(zh.brief(1_234_567_890)).toBe('12.35亿')
    expect(en.full(9_007_199_254_740_991)).toBe('9,007,199,254,740,991')
  })
  it('stays short however large it is', () => {
    for (const numbers of [en, zh]) {
      expect(numbers.brief(Number.MAX_SAFE_INTEGER).length).toBeLessThan(12)
      expect(numbers.axis(123_456_789).length).toBeLessThan(8)
    }
  })
  it('as a share is a percentage, or nothing', () => {
    expect(en.percent(0.123456)).toBe('12.3%')
    expect(en.percent(shareOf(1, 0))).toBe('–')
    expect(en.percent(shareOf(0, 5))).toBe('0%')
  })
})
