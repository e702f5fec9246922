// Room for a write, by each bound of the file's growth.
import { tmpdir } from 'node:os'
import { expect, it } from 'vitest'
import { mustHaveRoom, mustHaveRoomFor, NoRoom } from './room.ts'

const none = Number.POSITIVE_INFINITY
const free = { dir: tmpdir(), mapBytes: none, fileBytes: none }

it.each([
  ['the map', { ...free, mapBytes: 2 ** 30 }, /--map-size\) is 1073741824/, /--map-size/],
  ['the limit on files', { ...free, fileBytes: 2 ** 30 }, /ulimit -f\) is 1073741824/, /limit/],
  ['the disk', free, /disk is full/, /disk/],
])('%s', (name, bounds, message, answer) => {
  const needed = name === 'the disk' ? 2 ** 60 : 2 ** 20
  mustHaveRoomFor(bounds, 2 ** 30 - 2 ** 20, 2 ** 20)
  const bytes = name === 'the disk' ? 0 : 2 ** 30
  const refusals = [() => mustHaveRoomFor(bounds, bytes, needed)]
  // A small change is tried on a full disk.
  if (name !== 'the disk') refusals.push(() => mustHaveRoom(bounds, bytes))
  for (const refuse of refusals) {
    expect(refuse).toThrow(message)
    expect(refuse).toThrow(NoRoom)
    expect(refuse).toThrow(expect.objectContaining({ answer: expect.stringMatching(answer) }))
  }
})
