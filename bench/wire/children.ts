// The processes that a run started: those still there when it ends, however it ends, end with it.
import type { ChildProcess } from 'node:child_process'

const alive = new Set<ChildProcess>()

export const own = <Child extends ChildProcess>(child: Child): Child => {
  alive.add(child)
  child.once('exit', () => alive.delete(child))
  return child
}

process.once('exit', () => {
  for (const child of alive) child.kill('SIGKILL')
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
