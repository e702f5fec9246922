// The questions that are measured, as ready requests: reports of a hundred messages, the status of a
// thousand devices, two months of users.
import { requestOf } from '../wire/connection.ts'
import { deviceId } from '../world/device.ts'

export const receivedOne = (authorization: string, msg: bigint): Buffer =>
  requestOf(`/v3/received?msg_ids=${msg}`, authorization)

export const detailMany = (authorization: string, msgs: readonly bigint[]): Buffer =>
  requestOf(`/v3/messages/detail?msg_ids=${msgs.join()}`, authorization)

const statusDevices = 1_000

/** Of devices that jump about below `devices`, others at every turn. */
export const statusOf = (
  authorization: string,
  msg: bigint,
  devices: number,
  turn: number,
): Buffer => {
  const device = (i: number): number => (turn * 7_919 + i * 999_983) % devices
  const ids = Array.from({ length: statusDevices }, (_, i) => `"${deviceId(device(i))}"`)
  const body = Buffer.from(`{"msg_id":${msg},"registration_ids":[${ids.join()}]}`)
  return requestOf('/v3/status/message', authorization, body)
}

export const usersDays = 60
export const dayMs = 86_400_000

/** The days until `atMs`, in the time zone of the measured apps, UTC. */
export const usersOf = (authorization: string, atMs: number): Buffer => {
  const start = new Date(atMs - (usersDays - 1) * dayMs).toISOString().slice(0, 10)
  return requestOf(`/v3/users?time_unit=DAY&start=${start}&duration=${usersDays}`, authorization)
}
