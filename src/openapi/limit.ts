// The settings of a server that its document tells.

export interface Limits {
  /** Calls per app and minute over the report endpoints together; 0 for no limit. */
  readonly rateLimit: number
  readonly bodyBytesMax: number
  readonly lineDevicesMax: number
}
