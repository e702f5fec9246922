// Reading what a server answers, on the caller's side: the summary of a body, and the fault of any
// call, also where something in between answered that speaks no JSON.
import type { EventsBody, FaultBody } from '../http/endpoint/wire.ts'

/** Why a call was not answered as asked. */
export interface CallFault {
  /** 0 where nobody answered. */
  readonly status: number
  /** Of the table of faults; the status where the answer told none. */
  readonly code: number
  readonly message: string
}

export const parseSummary = (text: string): EventsBody | undefined => {
  const body = parseObject(text) as Partial<EventsBody> | undefined
  const { accepted, repeated = null, refused, errors } = body ?? {}
  if (!isCount(accepted) || !isCount(refused) || !Array.isArray(errors)) return undefined
  if (repeated !== null && !isCount(repeated)) return undefined
  return { accepted, repeated, refused, errors }
}

export const parseFault = (status: number, text: string): CallFault => {
  const { error } = (parseObject(text) ?? {}) as Partial<FaultBody>
  if (typeof error?.message === 'string' && typeof error.code === 'number') {
    return { status, code: error.code, message: error.message }
  }
  return { status, code: status, message: 'the answer is none of a pushledger server' }
}

const parseObject = (text: string): object | undefined => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value)
