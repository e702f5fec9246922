// The JSON shapes on the wire, as types: for clients, the console and the tests. Types only; the
// answers themselves are written by report/ and ingest/.

/** Every fault, whatever its status. */
export interface FaultBody {
  readonly error: { readonly code: number; readonly message: string }
}

/** A count: null where there is none. */
export type Count = number | null

/** An item of GET /v3/received. */
export interface ReceivedItem {
  readonly msg_id: string
  readonly android_received: Count
  readonly ios_apns_sent: Count
  readonly ios_apns_received: Count
  readonly ios_msg_received: Count
  readonly wp_mpns_sent: Count
}

/** An item of GET /v3/received/detail; the optional members are there only with data. */
export interface ReceivedDetailItem {
  readonly msg_id: string
  readonly jpush_received: Count
  readonly android_pns_sent: Count
  readonly ios_apns_sent: Count
  readonly ios_apns_received: Count
  readonly ios_msg_received: Count
  readonly wp_mpns_sent: Count
  readonly android_pns_received?: number
  readonly quickapp_jpush_received?: number
  readonly quickapp_pns_sent?: number
  readonly hmos_hmpns_sent?: number
  readonly hmos_hmpns_received?: number
  readonly hmos_msg_received?: number
}

/** An object of counts whose members the field table lists. */
export type CountsBody = Readonly<Record<string, Count>>

/** An item of GET /v3/messages. */
export interface MessagesItem {
  readonly android: CountsBody
  readonly ios: CountsBody
  readonly winphone: CountsBody
  readonly msg_id: string
}

/** An item of GET /v3/messages/detail. */
export interface MessagesDetailItem {
  /** A number up to 2^53 − 1, text above. */
  readonly msg_id: number | string
  readonly jpush: CountsBody
  readonly android_pns: Readonly<Record<string, Count | CountsBody>>
  readonly ios: CountsBody
  readonly winphone: CountsBody
  readonly details: {
    readonly notification?: KindDetails
    readonly message?: KindDetails
  }
}

/** Totals of a kind, then its channels per platform under `sub_android`, `sub_ios`, …. */
export type KindDetails = Readonly<Record<string, number | Record<string, CountsBody>>>

/** The answer of POST /v3/status/message, by registration id. */
export type StatusBody = Readonly<Record<string, { readonly status: 0 | 1 | 2 | 3 | 4 }>>

export interface UsersOfPlatform {
  readonly new?: number
  readonly online?: number
  readonly active?: number
}

/** The answer of GET /v3/users. */
export interface UsersBody {
  readonly time_unit: 'HOUR' | 'DAY' | 'MONTH'
  readonly start: string
  readonly duration: number
  readonly items: readonly {
    readonly time: string
    readonly android?: UsersOfPlatform
    readonly ios?: UsersOfPlatform
    readonly winphone?: UsersOfPlatform
    readonly hmos?: UsersOfPlatform
    readonly quickapp?: UsersOfPlatform
  }[]
}

/** An item of GET /v3/group/messages/detail: two names for one id, then sums over the apps. */
export interface GroupMessagesDetailItem extends Omit<MessagesDetailItem, 'msg_id'> {
  readonly group_msgid: string
  readonly group_msgids: string
}

/** The answer of POST /v1/group/messages. */
export interface GroupMessagesBody {
  readonly group_msgid: string
  /** How many apps of the group the push has now. */
  readonly apps: number
}

/** The answer of POST /v1/events; with `error` where every line was refused. */
export interface EventsBody extends Partial<FaultBody> {
  readonly accepted: number
  readonly repeated: number | null
  readonly refused: number
  readonly errors: readonly {
    readonly line: number
    readonly code: string
    readonly message: string
  }[]
}

/** An app as a session shows it. */
export interface SessionApp {
  readonly key: string
  readonly name: string
  readonly vip: boolean
  /** IANA name; all days and hours of the app are in it. */
  readonly time_zone: string
}

/** The answer of GET and POST /v1/sessions: the apps that this browser is logged in to. */
export interface SessionsBody {
  readonly apps: readonly SessionApp[]
}

export type StageName = 'target' | 'sent' | 'online_push' | 'received' | 'display' | 'click'

/** Distinct devices that reached each stage; a stage that none reached is left out. */
export type StageCounts = Readonly<Partial<Record<StageName, number>>>

/** An item of GET /v1/messages. */
export interface RecentMessage {
  readonly msg_id: string
  /** `yyyy-mm-dd hh`, of the earliest fact told. */
  readonly first_hour: string
  /** `yyyy-mm-dd`, of the latest. */
  readonly latest_day: string
  /** Nothing was told of today or yesterday. */
  readonly settled: boolean
  readonly notification?: StageCounts
  readonly message?: StageCounts
}

/** The answer of GET /v1/messages, newest first. */
export interface RecentMessagesBody {
  readonly items: readonly RecentMessage[]
  /** What to ask for as `before` to go on; null at the end. */
  readonly next: string | null
}

/** The answer of GET /v1/messages/hours: how many devices first reached a stage in each hour. */
export interface MessageHoursBody {
  readonly msg_id: string
  /** Rising; only hours with data. */
  readonly hours: readonly ({ readonly hour: string } & StageCounts)[]
}

/** An item of GET /v1/days: the messages whose earliest fact lies on the day, added up. */
export interface DayItem {
  readonly day: string
  readonly messages: number
  /** As an item of /v3/messages/detail, summed over the messages. */
  readonly counts: Omit<MessagesDetailItem, 'msg_id'>
}

/** The answer of GET /v1/days: every day asked for, rising. */
export interface DaysBody {
  readonly days: readonly DayItem[]
}

export interface FeedHour {
  readonly hour: string
  readonly bodies: number
  /** Facts, those that were held already included. */
  readonly accepted: number
  readonly repeated: number | null
  /** Lines, by code. */
  readonly refused: Readonly<Record<string, number>>
}

export interface RefusedLine {
  /** When it was told: ISO 8601, UTC. */
  readonly at: string
  readonly line: number
  readonly code: string
  readonly message: string
  /** How the line began. */
  readonly text: string
}

/** The answer of GET /v1/feed: what became of what was told. */
export interface FeedBody {
  /** Rising; only hours with data. */
  readonly hours: readonly FeedHour[]
  /** The newest first. */
  readonly refused_lines: readonly RefusedLine[]
}
