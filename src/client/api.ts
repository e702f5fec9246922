// What a server answers, as types: made from its OpenAPI document by scripts/client-types.ts. Not to
// be edited.

/** The key of an app. */
export type AppKey = string

/** A message: 1 … 9223372036854775807, in digits. */
export type MsgId = string

/** A message: as a number up to 2^53 − 1, and above as text, so that no digit is lost. */
export type MsgIdOrNumber = number | string

/** A message: 1 … 9223372036854775807, as a number or in digits; all digits are kept. */
export type MsgIdAsked = number | string

/** A push to a group: 1 to 64 bytes of UTF-8 without control characters, blanks and commas. */
export type GroupMsgId = string

/** A device: 1 to 512 bytes of UTF-8 without control characters. */
export type RegistrationId = string

export type Platform = 'android' | 'ios' | 'winphone' | 'hmos' | 'quickapp'

/** How a push travels. xiaomi, huawei and meizu are other names of xm, hw and mz. */
export type Channel =
  | 'jpush'
  | 'xm'
  | 'hw'
  | 'mz'
  | 'oppo'
  | 'vivo'
  | 'fcm'
  | 'honor'
  | 'asus'
  | 'nio'
  | 'apns'
  | 'mpns'
  | 'hmpns'
  | 'xiaomi'
  | 'huawei'
  | 'meizu'

export type Kind = 'notification' | 'message'

/** What a push reached on a device. */
export type Stage = 'target' | 'online_push' | 'sent' | 'received' | 'display' | 'click'

/** What a device did. */
export type DeviceEventType = 'register' | 'online' | 'active'

/** 0: delivered, 1: not delivered, 2: not of this app, 3: not a target, 4: unreadable */
export type Status = 0 | 1 | 2 | 3 | 4

/** Never changes its meaning. */
export type FaultCode =
  | 10
  | 2002
  | 2003
  | 3001
  | 3002
  | 3004
  | 3005
  | 400
  | 404
  | 405
  | 408
  | 413
  | 415
  | 417
  | 431
  | 503

/** Of several the first in this list is told. */
export type RefusalCode =
  | 'bad_json'
  | 'bad_type'
  | 'bad_msg_id'
  | 'bad_registration_id'
  | 'bad_platform'
  | 'bad_channel'
  | 'bad_kind'
  | 'bad_time'
  | 'time_in_future'
  | 'time_too_old'
  | 'too_many_ids'

/** A number of distinct devices; null for none. */
export type Count = number | null

/** A number of distinct devices; left out for none. */
export type Positive = number

export interface VendorStages {
  readonly target: Count
  readonly sent: Count
  readonly received?: Positive
  readonly display?: Positive
}

export interface LaterVendorStages {
  readonly target?: Positive
  readonly sent?: Positive
  readonly received?: Positive
  readonly display?: Positive
}

export interface ChannelStages {
  readonly target?: Positive
  readonly sent?: Positive
  readonly received?: Positive
  readonly display?: Positive
  readonly click?: Positive
}

export interface ReceivedItem {
  readonly msg_id: MsgId
  /** android, any channel: received */
  readonly android_received: Count
  /** ios, apns: sent */
  readonly ios_apns_sent: Count
  /** ios, apns: received */
  readonly ios_apns_received: Count
  /** ios, jpush, message: received */
  readonly ios_msg_received: Count
  /** winphone, mpns: sent */
  readonly wp_mpns_sent: Count
}

export interface ReceivedDetailItem {
  readonly msg_id: MsgId
  /** android, jpush or ios, jpush, message: received */
  readonly jpush_received: Count
  /** android, xm/hw/mz/oppo/vivo/fcm/honor/asus/nio: sent */
  readonly android_pns_sent: Count
  /** ios, apns: sent */
  readonly ios_apns_sent: Count
  /** ios, apns: received */
  readonly ios_apns_received: Count
  /** ios, jpush, message: received */
  readonly ios_msg_received: Count
  /** winphone, mpns: sent */
  readonly wp_mpns_sent: Count
  /** android, xm/hw/mz/oppo/vivo/fcm/honor/asus/nio: received */
  readonly android_pns_received?: Positive
  /** quickapp, jpush: received */
  readonly quickapp_jpush_received?: Positive
  /** quickapp, xm/hw/oppo: sent */
  readonly quickapp_pns_sent?: Positive
  /** hmos, hmpns: sent */
  readonly hmos_hmpns_sent?: Positive
  /** hmos, hmpns: received */
  readonly hmos_hmpns_received?: Positive
  /** hmos, jpush, message: received */
  readonly hmos_msg_received?: Positive
}

export interface MessagesItem {
  readonly msg_id: MsgId
  readonly android: {
    /** android, any channel: received */
    readonly received: Count
    /** android, any channel: target */
    readonly target: Count
    /** android, jpush: online_push */
    readonly online_push: Count
    /** android, any channel, notification: click */
    readonly click: Count
    /** android, any channel, message: click */
    readonly msg_click: Count
  }
  readonly ios: {
    /** ios, apns: sent */
    readonly apns_sent: Count
    /** ios, apns: target */
    readonly apns_target: Count
    /** ios, apns: received */
    readonly apns_received: Count
    /** ios, any channel, notification: click */
    readonly click: Count
    /** ios, jpush, message: target */
    readonly target: Count
    /** ios, jpush, message: received */
    readonly received: Count
  }
  readonly winphone: {
    /** winphone, mpns: target */
    readonly mpns_target: Count
    /** winphone, mpns: sent */
    readonly mpns_sent: Count
    /** winphone, mpns: click */
    readonly click: Count
  }
}

export interface MessagesDetailItem {
  readonly msg_id: MsgIdOrNumber
  readonly jpush: {
    /** android, jpush or ios, jpush, message: target */
    readonly target: Count
    /** android, jpush or ios, jpush, message: online_push */
    readonly online_push: Count
    /** android, jpush or ios, jpush, message: received */
    readonly received: Count
    /** android, jpush, notification: click */
    readonly click: Count
    /** android, jpush, message or ios, jpush, message: click */
    readonly msg_click: Count
    /** android, jpush or ios, jpush, message: sent */
    readonly sent?: Positive
    /** android, jpush or ios, jpush, message: display */
    readonly display?: Positive
  }
  readonly android_pns: {
    /** android, xm/hw/mz/oppo/vivo/fcm/honor/asus/nio: target */
    readonly pns_target: Count
    /** android, xm/hw/mz/oppo/vivo/fcm/honor/asus/nio: sent */
    readonly pns_sent: Count
    /** android, xm */
    readonly xm_detail: VendorStages
    /** android, hw */
    readonly hw_detail: VendorStages
    /** android, mz */
    readonly mz_detail: VendorStages
    /** android, oppo */
    readonly oppo_detail: VendorStages
    /** android, vivo */
    readonly vivo_detail: VendorStages
    /** android, fcm */
    readonly fcm_detail: VendorStages
    /** android, xm/hw/mz/oppo/vivo/fcm/honor/asus/nio: received */
    readonly pns_received?: Positive
    /** android, xm/hw/mz/oppo/vivo/fcm/honor/asus/nio: display */
    readonly pns_display?: Positive
    /** android, honor */
    readonly honor_detail?: LaterVendorStages
    /** android, asus */
    readonly asus_detail?: LaterVendorStages
    /** android, nio */
    readonly nio_detail?: LaterVendorStages
  }
  readonly ios: {
    /** ios, apns: target */
    readonly apns_target: Count
    /** ios, apns: sent */
    readonly apns_sent: Count
    /** ios, apns: received */
    readonly apns_received: Count
    /** ios, apns: click */
    readonly apns_click: Count
    /** ios, jpush, message: target */
    readonly msg_target: Count
    /** ios, jpush, message: received */
    readonly msg_received: Count
    /** ios, apns: display */
    readonly apns_display?: Positive
    /** ios, jpush, message: click */
    readonly msg_click?: Positive
    /** ios, jpush, message: display */
    readonly msg_display?: Positive
  }
  readonly winphone: {
    /** winphone, mpns: target */
    readonly mpns_target: Count
    /** winphone, mpns: sent */
    readonly mpns_sent: Count
    /** winphone, mpns: click */
    readonly click: Count
  }
  readonly details: {
    readonly notification?: {
      /** every platform, any channel, notification: target */
      readonly target?: Positive
      /** every platform, any channel, notification: sent */
      readonly sent?: Positive
      /** every platform, any channel, notification: received */
      readonly received?: Positive
      /** every platform, any channel, notification: display */
      readonly display?: Positive
      /** every platform, any channel, notification: click */
      readonly click?: Positive
      readonly sub_android?: {
        /** android, jpush, notification */
        readonly jg_android?: ChannelStages
        /** android, xm, notification */
        readonly xiaomi?: ChannelStages
        /** android, hw, notification */
        readonly huawei?: ChannelStages
        /** android, honor, notification */
        readonly honor?: ChannelStages
        /** android, mz, notification */
        readonly meizu?: ChannelStages
        /** android, oppo, notification */
        readonly oppo?: ChannelStages
        /** android, vivo, notification */
        readonly vivo?: ChannelStages
        /** android, asus, notification */
        readonly asus?: ChannelStages
        /** android, fcm, notification */
        readonly fcm?: ChannelStages
        /** android, nio, notification */
        readonly nio?: ChannelStages
      }
      readonly sub_ios?: {
        /** ios, apns, notification */
        readonly apns?: ChannelStages
      }
      readonly sub_quickapp?: {
        /** quickapp, jpush, notification */
        readonly quick_jg?: ChannelStages
        /** quickapp, xm, notification */
        readonly quick_xiaomi?: ChannelStages
        /** quickapp, hw, notification */
        readonly quick_huawei?: ChannelStages
        /** quickapp, oppo, notification */
        readonly quick_oppo?: ChannelStages
      }
      readonly sub_hmos?: {
        /** hmos, hmpns, notification */
        readonly hmpns?: ChannelStages
      }
    }
    readonly message?: {
      /** every platform, any channel, message: target */
      readonly target?: Positive
      /** every platform, any channel, message: sent */
      readonly sent?: Positive
      /** every platform, any channel, message: received */
      readonly received?: Positive
      /** every platform, any channel, message: display */
      readonly display?: Positive
      /** every platform, any channel, message: click */
      readonly click?: Positive
      readonly sub_android?: {
        /** android, jpush, message */
        readonly jg_android?: ChannelStages
        /** android, xm, message */
        readonly xiaomi?: ChannelStages
        /** android, hw, message */
        readonly huawei?: ChannelStages
        /** android, honor, message */
        readonly honor?: ChannelStages
        /** android, mz, message */
        readonly meizu?: ChannelStages
        /** android, oppo, message */
        readonly oppo?: ChannelStages
        /** android, vivo, message */
        readonly vivo?: ChannelStages
        /** android, asus, message */
        readonly asus?: ChannelStages
        /** android, fcm, message */
        readonly fcm?: ChannelStages
        /** android, nio, message */
        readonly nio?: ChannelStages
      }
      readonly sub_ios?: {
        /** ios, jpush, message */
        readonly jg_ios?: ChannelStages
        /** ios, apns, message */
        readonly apns?: ChannelStages
      }
      readonly sub_quickapp?: {
        /** quickapp, jpush, message */
        readonly quick_jg?: ChannelStages
        /** quickapp, xm, message */
        readonly quick_xiaomi?: ChannelStages
        /** quickapp, hw, message */
        readonly quick_huawei?: ChannelStages
        /** quickapp, oppo, message */
        readonly quick_oppo?: ChannelStages
      }
      readonly sub_hmos?: {
        /** hmos, hmpns, message */
        readonly hmpns?: ChannelStages
      }
    }
  }
}

export interface GroupMessagesDetailItem {
  readonly group_msgid: GroupMsgId
  /** The same under the other name that clients look for. */
  readonly group_msgids: GroupMsgId
  readonly jpush: {
    /** android, jpush or ios, jpush, message: target */
    readonly target: Count
    /** android, jpush or ios, jpush, message: online_push */
    readonly online_push: Count
    /** android, jpush or ios, jpush, message: received */
    readonly received: Count
    /** android, jpush, notification: click */
    readonly click: Count
    /** android, jpush, message or ios, jpush, message: click */
    readonly msg_click: Count
    /** android, jpush or ios, jpush, message: sent */
    readonly sent?: Positive
    /** android, jpush or ios, jpush, message: display */
    readonly display?: Positive
  }
  readonly android_pns: {
    /** android, xm/hw/mz/oppo/vivo/fcm/honor/asus/nio: target */
    readonly pns_target: Count
    /** android, xm/hw/mz/oppo/vivo/fcm/honor/asus/nio: sent */
    readonly pns_sent: Count
    /** android, xm */
    readonly xm_detail: VendorStages
    /** android, hw */
    readonly hw_detail: VendorStages
    /** android, mz */
    readonly mz_detail: VendorStages
    /** android, oppo */
    readonly oppo_detail: VendorStages
    /** android, vivo */
    readonly vivo_detail: VendorStages
    /** android, fcm */
    readonly fcm_detail: VendorStages
    /** android, xm/hw/mz/oppo/vivo/fcm/honor/asus/nio: received */
    readonly pns_received?: Positive
    /** android, xm/hw/mz/oppo/vivo/fcm/honor/asus/nio: display */
    readonly pns_display?: Positive
    /** android, honor */
    readonly honor_detail?: LaterVendorStages
    /** android, asus */
    readonly asus_detail?: LaterVendorStages
    /** android, nio */
    readonly nio_detail?: LaterVendorStages
  }
  readonly ios: {
    /** ios, apns: target */
    readonly apns_target: Count
    /** ios, apns: sent */
    readonly apns_sent: Count
    /** ios, apns: received */
    readonly apns_received: Count
    /** ios, apns: click */
    readonly apns_click: Count
    /** ios, jpush, message: target */
    readonly msg_target: Count
    /** ios, jpush, message: received */
    readonly msg_received: Count
    /** ios, apns: display */
    readonly apns_display?: Positive
    /** ios, jpush, message: click */
    readonly msg_click?: Positive
    /** ios, jpush, message: display */
    readonly msg_display?: Positive
  }
  readonly winphone: {
    /** winphone, mpns: target */
    readonly mpns_target: Count
    /** winphone, mpns: sent */
    readonly mpns_sent: Count
    /** winphone, mpns: click */
    readonly click: Count
  }
  readonly details: {
    readonly notification?: {
      /** every platform, any channel, notification: target */
      readonly target?: Positive
      /** every platform, any channel, notification: sent */
      readonly sent?: Positive
      /** every platform, any channel, notification: received */
      readonly received?: Positive
      /** every platform, any channel, notification: display */
      readonly display?: Positive
      /** every platform, any channel, notification: click */
      readonly click?: Positive
      readonly sub_android?: {
        /** android, jpush, notification */
        readonly jg_android?: ChannelStages
        /** android, xm, notification */
        readonly xiaomi?: ChannelStages
        /** android, hw, notification */
        readonly huawei?: ChannelStages
        /** android, honor, notification */
        readonly honor?: ChannelStages
        /** android, mz, notification */
        readonly meizu?: ChannelStages
        /** android, oppo, notification */
        readonly oppo?: ChannelStages
        /** android, vivo, notification */
        readonly vivo?: ChannelStages
        /** android, asus, notification */
        readonly asus?: ChannelStages
        /** android, fcm, notification */
        readonly fcm?: ChannelStages
        /** android, nio, notification */
        readonly nio?: ChannelStages
      }
      readonly sub_ios?: {
        /** ios, apns, notification */
        readonly apns?: ChannelStages
      }
      readonly sub_quickapp?: {
        /** quickapp, jpush, notification */
        readonly quick_jg?: ChannelStages
        /** quickapp, xm, notification */
        readonly quick_xiaomi?: ChannelStages
        /** quickapp, hw, notification */
        readonly quick_huawei?: ChannelStages
        /** quickapp, oppo, notification */
        readonly quick_oppo?: ChannelStages
      }
      readonly sub_hmos?: {
        /** hmos, hmpns, notification */
        readonly hmpns?: ChannelStages
      }
    }
    readonly message?: {
      /** every platform, any channel, message: target */
      readonly target?: Positive
      /** every platform, any channel, message: sent */
      readonly sent?: Positive
      /** every platform, any channel, message: received */
      readonly received?: Positive
      /** every platform, any channel, message: display */
      readonly display?: Positive
      /** every platform, any channel, message: click */
      readonly click?: Positive
      readonly sub_android?: {
        /** android, jpush, message */
        readonly jg_android?: ChannelStages
        /** android, xm, message */
        readonly xiaomi?: ChannelStages
        /** android, hw, message */
        readonly huawei?: ChannelStages
        /** android, honor, message */
        readonly honor?: ChannelStages
        /** android, mz, message */
        readonly meizu?: ChannelStages
        /** android, oppo, message */
        readonly oppo?: ChannelStages
        /** android, vivo, message */
        readonly vivo?: ChannelStages
        /** android, asus, message */
        readonly asus?: ChannelStages
        /** android, fcm, message */
        readonly fcm?: ChannelStages
        /** android, nio, message */
        readonly nio?: ChannelStages
      }
      readonly sub_ios?: {
        /** ios, jpush, message */
        readonly jg_ios?: ChannelStages
        /** ios, apns, message */
        readonly apns?: ChannelStages
      }
      readonly sub_quickapp?: {
        /** quickapp, jpush, message */
        readonly quick_jg?: ChannelStages
        /** quickapp, xm, message */
        readonly quick_xiaomi?: ChannelStages
        /** quickapp, hw, message */
        readonly quick_huawei?: ChannelStages
        /** quickapp, oppo, message */
        readonly quick_oppo?: ChannelStages
      }
      readonly sub_hmos?: {
        /** hmos, hmpns, message */
        readonly hmpns?: ChannelStages
      }
    }
  }
}

export interface StatusAsked {
  readonly msg_id: MsgIdAsked
  readonly registration_ids: readonly RegistrationId[]
  /** As of the end of this day; by default today, in the time zone of the app. */
  readonly date?: string
}

/** One member per distinct id, in the order asked. */
export type Statuses = Readonly<
  Record<
    string,
    {
      readonly status: Status
    }
  >
>

export interface UsersOfPlatform {
  /** Devices whose earliest registration lies in the slot. */
  readonly new?: Positive
  /** Distinct devices that were online in it. */
  readonly online?: Positive
  /** Distinct devices that were active in it. */
  readonly active?: Positive
}

export interface UsersItem {
  /** The slot, written as the start. */
  readonly time: string
  readonly android?: UsersOfPlatform
  readonly ios?: UsersOfPlatform
  readonly winphone?: UsersOfPlatform
  readonly hmos?: UsersOfPlatform
  readonly quickapp?: UsersOfPlatform
}

export interface Users {
  readonly time_unit: TimeUnit
  readonly start: string
  readonly duration: number
  readonly items: readonly UsersItem[]
}

export type TimeUnit = 'HOUR' | 'DAY' | 'MONTH'

/** Distinct devices by stage; a stage that none reached is left out. */
export interface StageCounts {
  readonly target?: Positive
  readonly online_push?: Positive
  readonly sent?: Positive
  readonly received?: Positive
  readonly display?: Positive
  readonly click?: Positive
}

export interface RecentMessage {
  readonly msg_id: MsgId
  /** Of the earliest time told of it. */
  readonly first_hour: string
  /** Of the latest. */
  readonly latest_day: string
  /** Nothing was told of today or yesterday. */
  readonly settled: boolean
  readonly notification?: StageCounts
  readonly message?: StageCounts
}

export interface RecentMessages {
  readonly items: readonly RecentMessage[]
  /** What to ask for as before to go on; null at the end. */
  readonly next: string | null
}

export interface StageHour {
  readonly hour: string
  readonly target?: Positive
  readonly online_push?: Positive
  readonly sent?: Positive
  readonly received?: Positive
  readonly display?: Positive
  readonly click?: Positive
}

export interface MessageHours {
  readonly msg_id: MsgId
  /** Rising; only hours with data. */
  readonly hours: readonly StageHour[]
}

export interface DayCounts {
  readonly jpush: {
    /** android, jpush or ios, jpush, message: target */
    readonly target: Count
    /** android, jpush or ios, jpush, message: online_push */
    readonly online_push: Count
    /** android, jpush or ios, jpush, message: received */
    readonly received: Count
    /** android, jpush, notification: click */
    readonly click: Count
    /** android, jpush, message or ios, jpush, message: click */
    readonly msg_click: Count
    /** android, jpush or ios, jpush, message: sent */
    readonly sent?: Positive
    /** android, jpush or ios, jpush, message: display */
    readonly display?: Positive
  }
  readonly android_pns: {
    /** android, xm/hw/mz/oppo/vivo/fcm/honor/asus/nio: target */
    readonly pns_target: Count
    /** android, xm/hw/mz/oppo/vivo/fcm/honor/asus/nio: sent */
    readonly pns_sent: Count
    /** android, xm */
    readonly xm_detail: VendorStages
    /** android, hw */
    readonly hw_detail: VendorStages
    /** android, mz */
    readonly mz_detail: VendorStages
    /** android, oppo */
    readonly oppo_detail: VendorStages
    /** android, vivo */
    readonly vivo_detail: VendorStages
    /** android, fcm */
    readonly fcm_detail: VendorStages
    /** android, xm/hw/mz/oppo/vivo/fcm/honor/asus/nio: received */
    readonly pns_received?: Positive
    /** android, xm/hw/mz/oppo/vivo/fcm/honor/asus/nio: display */
    readonly pns_display?: Positive
    /** android, honor */
    readonly honor_detail?: LaterVendorStages
    /** android, asus */
    readonly asus_detail?: LaterVendorStages
    /** android, nio */
    readonly nio_detail?: LaterVendorStages
  }
  readonly ios: {
    /** ios, apns: target */
    readonly apns_target: Count
    /** ios, apns: sent */
    readonly apns_sent: Count
    /** ios, apns: received */
    readonly apns_received: Count
    /** ios, apns: click */
    readonly apns_click: Count
    /** ios, jpush, message: target */
    readonly msg_target: Count
    /** ios, jpush, message: received */
    readonly msg_received: Count
    /** ios, apns: display */
    readonly apns_display?: Positive
    /** ios, jpush, message: click */
    readonly msg_click?: Positive
    /** ios, jpush, message: display */
    readonly msg_display?: Positive
  }
  readonly winphone: {
    /** winphone, mpns: target */
    readonly mpns_target: Count
    /** winphone, mpns: sent */
    readonly mpns_sent: Count
    /** winphone, mpns: click */
    readonly click: Count
  }
  readonly details: {
    readonly notification?: {
      /** every platform, any channel, notification: target */
      readonly target?: Positive
      /** every platform, any channel, notification: sent */
      readonly sent?: Positive
      /** every platform, any channel, notification: received */
      readonly received?: Positive
      /** every platform, any channel, notification: display */
      readonly display?: Positive
      /** every platform, any channel, notification: click */
      readonly click?: Positive
      readonly sub_android?: {
        /** android, jpush, notification */
        readonly jg_android?: ChannelStages
        /** android, xm, notification */
        readonly xiaomi?: ChannelStages
        /** android, hw, notification */
        readonly huawei?: ChannelStages
        /** android, honor, notification */
        readonly honor?: ChannelStages
        /** android, mz, notification */
        readonly meizu?: ChannelStages
        /** android, oppo, notification */
        readonly oppo?: ChannelStages
        /** android, vivo, notification */
        readonly vivo?: ChannelStages
        /** android, asus, notification */
        readonly asus?: ChannelStages
        /** android, fcm, notification */
        readonly fcm?: ChannelStages
        /** android, nio, notification */
        readonly nio?: ChannelStages
      }
      readonly sub_ios?: {
        /** ios, apns, notification */
        readonly apns?: ChannelStages
      }
      readonly sub_quickapp?: {
        /** quickapp, jpush, notification */
        readonly quick_jg?: ChannelStages
        /** quickapp, xm, notification */
        readonly quick_xiaomi?: ChannelStages
        /** quickapp, hw, notification */
        readonly quick_huawei?: ChannelStages
        /** quickapp, oppo, notification */
        readonly quick_oppo?: ChannelStages
      }
      readonly sub_hmos?: {
        /** hmos, hmpns, notification */
        readonly hmpns?: ChannelStages
      }
    }
    readonly message?: {
      /** every platform, any channel, message: target */
      readonly target?: Positive
      /** every platform, any channel, message: sent */
      readonly sent?: Positive
      /** every platform, any channel, message: received */
      readonly received?: Positive
      /** every platform, any channel, message: display */
      readonly display?: Positive
      /** every platform, any channel, message: click */
      readonly click?: Positive
      readonly sub_android?: {
        /** android, jpush, message */
        readonly jg_android?: ChannelStages
        /** android, xm, message */
        readonly xiaomi?: ChannelStages
        /** android, hw, message */
        readonly huawei?: ChannelStages
        /** android, honor, message */
        readonly honor?: ChannelStages
        /** android, mz, message */
        readonly meizu?: ChannelStages
        /** android, oppo, message */
        readonly oppo?: ChannelStages
        /** android, vivo, message */
        readonly vivo?: ChannelStages
        /** android, asus, message */
        readonly asus?: ChannelStages
        /** android, fcm, message */
        readonly fcm?: ChannelStages
        /** android, nio, message */
        readonly nio?: ChannelStages
      }
      readonly sub_ios?: {
        /** ios, jpush, message */
        readonly jg_ios?: ChannelStages
        /** ios, apns, message */
        readonly apns?: ChannelStages
      }
      readonly sub_quickapp?: {
        /** quickapp, jpush, message */
        readonly quick_jg?: ChannelStages
        /** quickapp, xm, message */
        readonly quick_xiaomi?: ChannelStages
        /** quickapp, hw, message */
        readonly quick_huawei?: ChannelStages
        /** quickapp, oppo, message */
        readonly quick_oppo?: ChannelStages
      }
      readonly sub_hmos?: {
        /** hmos, hmpns, message */
        readonly hmpns?: ChannelStages
      }
    }
  }
}

export interface DayTotals {
  readonly day: string
  readonly messages: number
  /** The counts of each message, added. */
  readonly counts: DayCounts
}

export interface Days {
  readonly days: readonly DayTotals[]
}

export interface FeedHour {
  /** Of the server's clock, in the time zone of the app. */
  readonly hour: string
  readonly bodies: number
  /** Facts told in accepted lines. */
  readonly accepted: number
  /** How many of them were held already; null where the store cannot tell. */
  readonly repeated: number | null
  /** Lines refused, by code. */
  readonly refused: {
    readonly bad_json?: Positive
    readonly bad_type?: Positive
    readonly bad_msg_id?: Positive
    readonly bad_registration_id?: Positive
    readonly bad_platform?: Positive
    readonly bad_channel?: Positive
    readonly bad_kind?: Positive
    readonly bad_time?: Positive
    readonly time_in_future?: Positive
    readonly time_too_old?: Positive
    readonly too_many_ids?: Positive
  }
}

export interface RefusedLine {
  readonly at: string
  readonly line: number
  readonly code: RefusalCode
  readonly message: string
  /** How the line began. */
  readonly text: string
}

export interface FeedHistory {
  /** Rising; only hours with data. */
  readonly hours: readonly FeedHour[]
  /** The last that were refused, the newest first. */
  readonly refused_lines: readonly RefusedLine[]
}

export interface DeviceEvent {
  readonly type: DeviceEventType
  readonly platform: Platform
  /** The device; this or registration_ids, not both. */
  readonly registration_id?: RegistrationId
  /** The same event for each of these devices. */
  readonly registration_ids?: readonly RegistrationId[]
  /** When: RFC 3339 with an offset, or epoch milliseconds; by default the arrival. */
  readonly time?: string | number
}

export interface MessageEvent {
  readonly type: Stage
  readonly msg_id: MsgIdAsked
  /** May be left out where the channel implies it. */
  readonly platform?: Platform
  /** By default that of the platform. */
  readonly channel?: Channel
  /** By default notification; on ios by jpush, message. */
  readonly kind?: Kind
  /** The device; this or registration_ids, not both. */
  readonly registration_id?: RegistrationId
  /** The same event for each of these devices. */
  readonly registration_ids?: readonly RegistrationId[]
  /** When: RFC 3339 with an offset, or epoch milliseconds; by default the arrival. */
  readonly time?: string | number
}

export type Event = DeviceEvent | MessageEvent

export interface Refusal {
  /** From 1; in an array, the element. */
  readonly line: number
  readonly code: RefusalCode
  readonly message: string
}

export interface EventsSummary {
  /** Facts told in accepted lines. */
  readonly accepted: number
  /** How many of them were held already; null where the store cannot tell. */
  readonly repeated: number | null
  /** Lines refused. */
  readonly refused: number
  /** The first 100 refusals. */
  readonly errors: readonly Refusal[]
}

/** A fault; where every line was refused, with the summary. */
export interface EventsRefused {
  readonly error: {
    readonly code: FaultCode
    /** For people. */
    readonly message: string
  }
  /** Facts told in accepted lines. */
  readonly accepted?: number
  /** How many of them were held already; null where the store cannot tell. */
  readonly repeated?: number | null
  /** Lines refused. */
  readonly refused?: number
  /** The first 100 refusals. */
  readonly errors?: readonly Refusal[]
}

export interface GroupPush {
  readonly group_msgid: GroupMsgId
  /** For each app of the push, its key and its msg_id. */
  readonly messages: Readonly<Record<string, MsgIdAsked>>
}

export interface GroupPushTold {
  readonly group_msgid: GroupMsgId
  /** How many apps the push has now. */
  readonly apps: number
}

export interface LogIn {
  readonly key: AppKey
  /** Its masterSecret. */
  readonly secret: string
}

export interface SessionApp {
  readonly key: AppKey
  readonly name: string
  /** Whether it may ask the reports for VIP. */
  readonly vip: boolean
  /** Its days and hours are cut by it: an IANA name. */
  readonly time_zone: string
}

export interface Sessions {
  readonly apps: readonly SessionApp[]
}

export interface Health {
  readonly status: 'ok'
}

export interface Ready {
  readonly status: 'ready'
  /** What an operator should see to. */
  readonly warnings?: readonly 'clock'[]
}

export interface NotReady {
  readonly status: 'not ready'
  /** Why it should get no work. */
  readonly not_ready: readonly ('starting' | 'stopping' | 'store' | 'disk' | 'clickhouse')[]
}

/** Every failure of every path. 10 (HTTP 500): Internal error. 2002 (HTTP 429): Rate limit exceeded. 2003 (HTTP 403): No right to use this interface. 3001 (HTTP 401): Basic authentication failed. 3002 (HTTP 400): A parameter is missing or invalid. 3004 (HTTP 400): time_unit and start do not match. 3005 (HTTP 400): Only the last 60 days can be queried. 400 (HTTP 400): The request is not well-formed HTTP. 404 (HTTP 404): There is nothing at this path. 405 (HTTP 405): This path does not take this method. 408 (HTTP 408): The request took too long to arrive. 413 (HTTP 413): The body is too large. 415 (HTTP 415): The Content-Encoding is not understood. 417 (HTTP 417): Expect can only be 100-continue. 431 (HTTP 431): The request headers are too large. 503 (HTTP 503): The server cannot take this now; try again. */
export interface Fault {
  readonly error: {
    readonly code: FaultCode
    /** For people. */
    readonly message: string
  }
}

/** By its id: what is asked, what is answered, and the body of a fault. */
export interface Operations {
  /** Delivered devices per message, all of Android in one number. */
  readonly received: {
    readonly ask: {
      /** 1 to 100 ids joined by commas; repeats are dropped. */
      readonly msg_ids: readonly MsgIdAsked[]
    }
    readonly answer: readonly ReceivedItem[]
    readonly refusal: Fault
  }
  /** Delivered devices per message, by way of delivery. */
  readonly receivedDetail: {
    readonly ask: {
      /** 1 to 100 ids joined by commas; repeats are dropped. */
      readonly msg_ids: readonly MsgIdAsked[]
    }
    readonly answer: readonly ReceivedDetailItem[]
    readonly refusal: Fault
  }
  /** How one message stands on each of up to 1000 devices. */
  readonly status: {
    readonly ask: StatusAsked
    readonly answer: Statuses
    readonly refusal: Fault
  }
  /** All stages of a message per platform. */
  readonly messages: {
    readonly ask: {
      /** 1 to 100 ids joined by commas; repeats are dropped. */
      readonly msg_ids: readonly MsgIdAsked[]
    }
    readonly answer: readonly MessagesItem[]
    readonly refusal: Fault
  }
  /** All stages of a message per channel. */
  readonly messagesDetail: {
    readonly ask: {
      /** 1 to 100 ids joined by commas; repeats are dropped. */
      readonly msg_ids: readonly MsgIdAsked[]
    }
    readonly answer: readonly MessagesDetailItem[]
    readonly refusal: Fault
  }
  /** New, online and active devices per hour, day or month. */
  readonly users: {
    readonly ask: {
      /** What a slot is. */
      readonly time_unit: TimeUnit
      /** The first slot: 2014-06-11 09, 2014-06-11 or 2014-06, as the unit. */
      readonly start: string
      /** How many slots: hours end with their day, days are 60 at most, months 2. */
      readonly duration: number
    }
    readonly answer: Users
    readonly refusal: Fault
  }
  /** The messages of the app, the newest first. */
  readonly recentMessages: {
    readonly ask: {
      /** How many; 50 by default. */
      readonly limit: number
      /** The next of the page before. */
      readonly before: string
      /** Only those whose first hour lies on this day. */
      readonly day: string
    }
    readonly answer: RecentMessages
    readonly refusal: Fault
  }
  /** How many devices first reached each stage of a message, hour by hour. */
  readonly messageHours: {
    readonly ask: {
      /** The message. */
      readonly msg_id: MsgIdAsked
    }
    readonly answer: MessageHours
    readonly refusal: Fault
  }
  /** The messages of each day, added up. */
  readonly days: {
    readonly ask: {
      /** How many days, the last of them today; 31 by default. */
      readonly days: number
    }
    readonly answer: Days
    readonly refusal: Fault
  }
  /** What became of what was told. */
  readonly feed: {
    readonly ask: {
      /** How many hours, the last of them the current one; 24 by default. */
      readonly hours: number
    }
    readonly answer: FeedHistory
    readonly refusal: Fault
  }
  /** All stages of a push to a group per channel. */
  readonly groupMessagesDetail: {
    readonly ask: {
      /** 1 to 10 ids joined by commas; repeats are dropped. */
      readonly group_msgids: readonly GroupMsgId[]
    }
    readonly answer: readonly GroupMessagesDetailItem[]
    readonly refusal: Fault
  }
  /** The users of the apps of a group together. */
  readonly groupUsers: {
    readonly ask: {
      /** What a slot is. */
      readonly time_unit: TimeUnit
      /** The first slot: 2014-06-11 09, 2014-06-11 or 2014-06, as the unit. */
      readonly start: string
      /** How many slots: hours end with their day, days are 30 at most, months 1. */
      readonly duration: number
    }
    readonly answer: Users
    readonly refusal: Fault
  }
  /** Tells what happened on devices. */
  readonly events: {
    readonly ask: readonly Event[]
    readonly answer: EventsSummary
    readonly refusal: EventsRefused
  }
  /** Tells which message of each app a push to the group was. */
  readonly groupMessages: {
    readonly ask: GroupPush
    readonly answer: GroupPushTold
    readonly refusal: Fault
  }
  /** Whether the process serves. */
  readonly healthz: {
    readonly ask: undefined
    readonly answer: Health
    readonly refusal: Fault
  }
  /** Whether the server should be sent work. */
  readonly readyz: {
    readonly ask: undefined
    readonly answer: Ready
    readonly refusal: NotReady
  }
  /** This document. */
  readonly openapi: {
    readonly ask: undefined
    readonly answer: Readonly<Record<string, unknown>>
    readonly refusal: Fault
  }
}

/** Where each is asked. */
export const OPERATIONS: Readonly<
  Record<keyof Operations, { readonly method: 'GET' | 'POST'; readonly path: string }>
> = {
  received: { method: 'GET', path: '/v3/received' },
  receivedDetail: { method: 'GET', path: '/v3/received/detail' },
  status: { method: 'POST', path: '/v3/status/message' },
  messages: { method: 'GET', path: '/v3/messages' },
  messagesDetail: { method: 'GET', path: '/v3/messages/detail' },
  users: { method: 'GET', path: '/v3/users' },
  recentMessages: { method: 'GET', path: '/v1/messages' },
  messageHours: { method: 'GET', path: '/v1/messages/hours' },
  days: { method: 'GET', path: '/v1/days' },
  feed: { method: 'GET', path: '/v1/feed' },
  groupMessagesDetail: { method: 'GET', path: '/v3/group/messages/detail' },
  groupUsers: { method: 'GET', path: '/v3/group/users' },
  events: { method: 'POST', path: '/v1/events' },
  groupMessages: { method: 'POST', path: '/v1/group/messages' },
  healthz: { method: 'GET', path: '/healthz' },
  readyz: { method: 'GET', path: '/readyz' },
  openapi: { method: 'GET', path: '/openapi.json' },
}
