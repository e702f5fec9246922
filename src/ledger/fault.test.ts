// The fault table against the one of section 1 of the report API.
import { describe, expect, it } from 'vitest'
import { FAULTS, Fault, type FaultName } from './fault.ts'

const table: Readonly<Record<FaultName, readonly [code: number, status: number]>> = {
  internal: [10, 500],
  rateLimited: [2002, 429],
  notPermitted: [2003, 403],
  unauthorized: [3001, 401],
  badParameter: [3002, 400],
  timeUnitMismatch: [3004, 400],
  tooFarBack: [3005, 400],
  malformed: [400, 400],
  notFound: [404, 404],
  methodNotAllowed: [405, 405],
  requestTimeout: [408, 408],
  bodyTooLarge: [413, 413],
  unsupportedEncoding: [415, 415],
  expectationFailed: [417, 417],
  headersTooLarge: [431, 431],
  unavailable: [503, 503],
}

describe('faults', () => {
  it('are those of the table', () => {
    const found = Object.entries(FAULTS).map(([name, { code, status }]) => [name, [code, status]])
    expect(Object.fromEntries(found)).toEqual(table)
    const codes = Object.values(FAULTS).map((fault) => fault.code)
    expect(new Set(codes).size).toBe(codes.length)
  })

  it('say the text of the page where it gives one', () => {
    expect(FAULTS.unauthorized.text).toBe('Basic authentication failed')
    expect(FAULTS.rateLimited.text).toBe('Rate limit exceeded')
  })

  it('carry a message of their own, a cause and a time to wait', () => {
    const plain = new Fault('unavailable')
    expect(plain.message).toBe(FAULTS.unavailable.text)
    expect(plain.cause).toBeUndefined()
    expect('cause' in plain).toBe(false)
    expect(plain.retryAfterSeconds).toBeUndefined()
    const cause = new Error('the disk is full')
    const full = new Fault('unavailable', 'too much waits', { cause, retryAfterSeconds: 3 })
    expect(full).toBeInstanceOf(Error)
    expect(full).toMatchObject({ fault: 'unavailable', message: 'too much waits', cause })
    expect(full.retryAfterSeconds).toBe(3)
    expect(full.name).toBe('Fault')
  })
})
