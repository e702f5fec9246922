// Owners take turns, none has more than its share, and work that was aborted is passed over.
import { describe, expect, it } from 'vitest'
import { FairQueue } from './fair-queue.ts'
import { openTurns } from './turns.ts'

const soon = () => new Promise<void>((resolve) => setImmediate(resolve))

/** Work that goes on until it is ended, and what has begun so far. */
const openWorks = (atOnce: number, ofEach: number) => {
  const turns = openTurns<string>(atOnce, ofEach)
  const begun: string[] = []
  const ends = new Map<string, () => void>()
  return {
    begun,
    run: (name: string, gone?: AbortSignal): Promise<string> =>
      turns.run(name.charAt(0), gone, async () => {
        begun.push(name)
        await new Promise<void>((resolve) => ends.set(name, resolve))
        if (name.endsWith('!')) throw new Error(name)
        return name
      }),
    end: async (name: string) => {
      ends.get(name)?.()
      await soon()
    },
  }
}

describe('turns', () => {
  it('are taken by owner after owner, whoever has more waiting', async () => {
    const { run, begun, end } = openWorks(1, 1)
    const all = ['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1'].map((name) => run(name))
    for (let i = 0; i < all.length; i++) await end(begun[i] ?? '')
    expect(begun).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4'])
    expect(await Promise.all(all)).toEqual(['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1'])
  })

  it('leave the others their share, also while there is more', async () => {
    const { run, begun, end } = openWorks(3, 2)
    const all = ['a1', 'a2', 'a3', 'b1', 'b2', 'b3'].map((name) => run(name))
    expect(begun).toEqual(['a1', 'a2', 'b1'])
    await end('b1')
    expect(begun).toEqual(['a1', 'a2', 'b1', 'b2'])
    await end('a1')
    expect(begun).toEqual(['a1', 'a2', 'b1', 'b2', 'a3'])
    for (const name of ['a2', 'b2', 'a3', 'b3']) await end(name)
    await Promise.all(all)
  })

  it('go on after work that fails', async () => {
    const { run, begun, end } = openWorks(1, 1)
    const [failing, next] = [run('a!'), run('b1')]
    const failed = expect(failing).rejects.toThrow('a!')
    await end('a!')
    await failed
    expect(begun).toEqual(['a!', 'b1'])
    await end('b1')
    await next
  })

  it('pass over whoever has gone, before and while they wait', async () => {
    const { run, begun, end } = openWorks(1, 1)
    const first = run('a1')
    const leaving = new AbortController()
    const waiting = run('b1', leaving.signal)
    const last = run('c1')
    leaving.abort(new Error('gone'))
    await expect(waiting).rejects.toThrow('gone')
    await expect(run('d1', leaving.signal)).rejects.toThrow('gone')
    await end('a1')
    await end('c1')
    await Promise.all([first, last])
    expect(begun).toEqual(['a1', 'c1'])
  })
})

describe('a fair queue', () => {
  it('gives what it shows, in turns, and knows its size', () => {
    const queue = new FairQueue<string, number>()
    for (const [owner, item] of [
      ['a', 1],
      ['a', 2],
      ['a', 3],
      ['b', 4],
      ['b', 5],
    ] as const) {
      queue.push(owner, item)
    }
    expect(queue.remove('a', 2)).toBe(true)
    expect(queue.remove('a', 2)).toBe(false)
    expect(queue.remove('c', 1)).toBe(false)
    const given = Array.from({ length: 5 }, () => [queue.peek(), queue.shift(), queue.size])
    expect(given).toEqual([
      [1, 1, 3],
      [4, 4, 2],
      [3, 3, 1],
      [5, 5, 0],
      [undefined, undefined, 0],
    ])
  })

  it('passes over owners who may not go', () => {
    const queue = new FairQueue<string, number>()
    queue.push('a', 1)
    queue.push('b', 2)
    expect(queue.shift((owner) => owner !== 'a')).toBe(2)
    expect(queue.shift((owner) => owner !== 'a')).toBeUndefined()
    expect(queue.shift()).toBe(1)
  })
})
