// The rules for identifiers, one line each.
import { describe, expect, it } from 'vitest'
import { parseAppKey, parseMsgId, parseRegistrationId, registrationIdBytesMax } from './ids.ts'

describe('msg_id', () => {
  it.each([
    ...['1', '9', '10', '269978303', '1613113584', '3993287034', '18101211308815829'],
    ...['9007199254740991', '9007199254740992', '9007199254740993', '999999999999999999'],
    ...['1000000000000000000', '9223372036854775806', '9223372036854775807'],
  ])('%s', (text) => expect(parseMsgId(text)).toBe(text))

  it.each([
    ...['', '0', '00', '01', '-1', '+1', '1.0', '1e3', '0x10', ' 5', '5 ', '1,2', '1_000', 'a'],
    ...['9223372036854775808', '9223372036854775810', '9999999999999999999'],
    ...[
      '10000000000000000000',
      '18446744073709551615',
      '1'.repeat(40),
      '١',
      '１',
      '1\n',
      '\u00001',
    ],
  ])('not %j', (text) => expect(parseMsgId(text)).toBeUndefined())
})

describe('registration_id', () => {
  it.each([
    ...['02078f0f1b8', '1507bfd3a7c568d4761', '__proto__', 'constructor', 'error', '0', ' ', 'é'],
    ...['\u{1f600}', '\ufeff', '\u2028', '\u00a0', '\ufffd', '"', '\\', 'x'.repeat(512)],
    ...['é'.repeat(256), '好'.repeat(170), `${'好'.repeat(170)}ab`, '\u{1f600}'.repeat(128)],
  ])('%j', (text) => expect(parseRegistrationId(text)).toBe(text))

  it.each([
    ...['', '\u0000', 'a\u0000', 'a\nb', '\t', '\u001f', '\u007f', '\u0080', '\u009f'],
    ...['\ud800', 'a\udc00', '\udc00\ud800', '\ud83d', 'x'.repeat(513), 'x'.repeat(10_000)],
    ...['é'.repeat(257), '好'.repeat(171), `${'好'.repeat(170)}abc`, `${'\u{1f600}'.repeat(128)}a`],
  ])('not %j', (text) => expect(parseRegistrationId(text)).toBeUndefined())

  it('counts bytes as UTF-8 does', () => {
    for (const unit of ['a', 'é', '߿', 'ࠀ', '好', '\uffff', '\u{10000}', '\u{10ffff}']) {
      const most = Math.floor(registrationIdBytesMax / new TextEncoder().encode(unit).length)
      expect(parseRegistrationId(unit.repeat(most))).toBe(unit.repeat(most))
      expect(parseRegistrationId(unit.repeat(most + 1))).toBeUndefined()
    }
  })
})

describe('appKey', () => {
  it.each(['7d431e42dfa6a6d693ac2d04', '0'.repeat(24), 'f'.repeat(24)])('%s', (text) =>
    expect(parseAppKey(text)).toBe(text),
  )

  it.each([
    ...['', '7D431E42DFA6A6D693AC2D04', 'g'.repeat(24), '0'.repeat(23), '0'.repeat(25)],
    ...[`${'0'.repeat(24)}\n`, ` ${'0'.repeat(23)}`, `group-${'0'.repeat(24)}`],
  ])('not %j', (text) => expect(parseAppKey(text)).toBeUndefined())
})
