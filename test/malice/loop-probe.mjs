// Loaded before a server: on SIGUSR2 writes how long its event loop was held at most since the last time, in
// milliseconds, to the file PROBE_FILE, and begins anew. Not counted is what the thread waited for a core
// that somebody else had, where the system tells (Linux does): that is not the server's doing.
import { openSync, readSync, writeFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

const everyMs = 1

const openWaited = () => {
  try {
    const file = openSync(`/proc/self/task/${process.pid}/schedstat`, 'r')
    const bytes = Buffer.alloc(100)
    return () => {
      const read = readSync(file, bytes, 0, bytes.length, 0)
      return Number(bytes.toString('latin1', 0, read).split(' ')[1]) / 1e6
    }
  } catch {
    return () => 0
  }
}

if (isMainThread && process.env.PROBE_FILE !== undefined) {
  const waitedMs = openWaited()
  let last = { at: performance.now(), waited: waitedMs() }
  let mostMs = 0
  setInterval(() => {
    const now = { at: performance.now(), waited: waitedMs() }
    mostMs = Math.max(mostMs, now.at - last.at - everyMs - (now.waited - last.waited))
    last = now
  }, everyMs).unref()
  process.on('SIGUSR2', () => {
    writeFileSync(process.env.PROBE_FILE, String(mostMs))
    mostMs = 0
  })
}
