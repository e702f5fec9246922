// Facts as lines of events, as gateways send them: one event a line, or neighbours of one message,
// stage and moment in one line.
import { deviceId } from './device.ts'
import { channelOf, stageOf, type Table } from './table.ts'

const open = (table: Table, i: number): string => {
  const cell = table.cell[i] as number
  return `{"type":"${stageOf(cell)}","msg_id":${table.msg[i]},"platform":"android","channel":"${channelOf(cell)}",`
}

const single = (table: Table, i: number): string =>
  `${open(table, i)}"registration_id":"${deviceId(table.device[i] as number)}","time":${table.atMs[i]}}`

const isLike = (table: Table, a: number, b: number): boolean =>
  table.cell[a] === table.cell[b] &&
  table.msg[a] === table.msg[b] &&
  table.atMs[a] === table.atMs[b]

const grouped = (table: Table, from: number, to: number): string => {
  const ids: string[] = []
  for (let i = from; i < to; i++) ids.push(deviceId(table.device[i] as number))
  return `${open(table, from)}"registration_ids":["${ids.join('","')}"],"time":${table.atMs[from]}}`
}

/** The body of one request. */
export const linesOf = (table: Table, devicesALine: number): Buffer => {
  const lines: string[] = []
  for (let from = 0; from < table.length; ) {
    let to = from + 1
    while (to < table.length && to - from < devicesALine && isLike(table, from, to)) to++
    lines.push(devicesALine === 1 ? single(table, from) : grouped(table, from, to))
    from = to
  }
  return Buffer.from(lines.join('\n'), 'latin1')
}

/** Rows for stores that keep a row a fact and no time: the same JSON, with the app in it. */
export const rowsOf = (table: Table): Buffer => {
  const rows: string[] = []
  for (let i = 0; i < table.length; i++) {
    rows.push(
      `{"app":${table.app[i]},"msg_id":${table.msg[i]},"cell":${table.cell[i]},"registration_id":"${deviceId(table.device[i] as number)}"}`,
    )
  }
  return Buffer.from(`${rows.join('\n')}\n`, 'latin1')
}
