// The closed list of reasons for which a line of events is refused, in the order in which they are
// looked for: of several faults in a line the first is told. Refusals are values, not exceptions.

export const REFUSALS = [
  'bad_json',
  'bad_type',
  'bad_msg_id',
  'bad_registration_id',
  'bad_platform',
  'bad_channel',
  'bad_kind',
  'bad_time',
  'time_in_future',
  'time_too_old',
  'too_many_ids',
] as const
export type RefusalCode = (typeof REFUSALS)[number]

export interface Refusal {
  /** 1-based line of the body, or the index from 1 in an array. */
  readonly line: number
  readonly code: RefusalCode
  readonly message: string
}
