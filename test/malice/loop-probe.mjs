// Loaded before a server: on SIGUSR2 writes the longest delay of its event loop so far, in milliseconds,
// to the file PROBE_FILE, and begins anew.
import { writeFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

if (isMainThread && process.env.PROBE_FILE !== undefined) {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  process.on('SIGUSR2', () => {
    writeFileSync(process.env.PROBE_FILE, String(delay.max / 1e6))
    delay.reset()
  })
}
