// Facts as columns: what every measured store is told, before it takes that store's own form.
// Millions of them stand in a few typed arrays.

export const stages = ['target', 'sent', 'online_push', 'received', 'click'] as const
export const channels = ['jpush', 'xm', 'hw', 'oppo', 'vivo', 'honor', 'fcm'] as const
export type StageName = (typeof stages)[number]

/** A stage on a channel as one number; the platform is always android. */
export const cellOf = (stage: StageName, channel: number): number =>
  stages.indexOf(stage) * channels.length + channel
export const stageOf = (cell: number): StageName =>
  stages[Math.floor(cell / channels.length)] as StageName
export const channelOf = (cell: number): string => channels[cell % channels.length] as string
/** The cells whose union is the `android_received` of the reports. */
export const receivedCells = channels.map((_, channel) => cellOf('received', channel))

export interface Table {
  readonly length: number
  readonly app: Uint16Array
  readonly msg: BigUint64Array
  readonly cell: Uint8Array
  readonly device: Uint32Array
  readonly atMs: Float64Array
}

export const part = (table: Table, from: number, to: number): Table => ({
  length: to - from,
  app: table.app.subarray(from, to),
  msg: table.msg.subarray(from, to),
  cell: table.cell.subarray(from, to),
  device: table.device.subarray(from, to),
  atMs: table.atMs.subarray(from, to),
})

/** A table to fill, with room for so many facts. */
export const openTable = (room: number) => {
  const table = {
    length: room,
    app: new Uint16Array(room),
    msg: new BigUint64Array(room),
    cell: new Uint8Array(room),
    device: new Uint32Array(room),
    atMs: new Float64Array(room),
  }
  let next = 0
  return {
    add(app: number, msg: bigint, cell: number, device: number, atMs: number): void {
      if (next === room) throw new Error('the table is full')
      table.app[next] = app
      table.msg[next] = msg
      table.cell[next] = cell
      table.device[next] = device
      table.atMs[next++] = atMs
    },
    get length(): number {
      return next
    },
    /** Adds an earlier fact once more. */
    repeat(i: number): void {
      const { app, msg, cell, device, atMs } = table
      this.add(
        app[i] as number,
        msg[i] as bigint,
        cell[i] as number,
        device[i] as number,
        atMs[i] as number,
      )
    },
    close: (): Table => part(table, 0, next),
  }
}

/** Cuts a table into batches of so many rows, and, where asked, of one app each. */
export const cut = (table: Table, rows: number, isByApp = false): Table[] => {
  const batches: Table[] = []
  for (let from = 0; from < table.length; ) {
    let to = Math.min(table.length, from + rows)
    if (isByApp) {
      const end = table.app.subarray(from, to).findIndex((app) => app !== table.app[from])
      if (end > 0) to = from + end
    }
    batches.push(part(table, from, to))
    from = to
  }
  return batches
}
