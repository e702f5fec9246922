// The log: JSON lines on stderr, so that stdout stays for what a person asked to see. Never told
// credentials or bodies.
import { writeSync } from 'node:fs'
import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino'

export type Log = Logger

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export const openLog = (level: LogLevel, to: DestinationStream = toStderr()): Log =>
  pino({ level, base: null, timestamp: stdTimeFunctions.isoTime }, to)

/** A slow reader of a pipe is waited for this often, this long. */
const triesMax = 10
const waitMs = 1

/**
 * Writes each line at once. What cannot be written is lost, and the server goes on: a full disk, a terminal
 * that hung up, a pipe without a reader. pino's own destination ends the process there, or waits for ever.
 */
export const toStderr = (
  write = (bytes: Uint8Array): number => writeSync(2, bytes),
): DestinationStream => {
  const never = new Int32Array(new SharedArrayBuffer(4))
  let isCut = false
  return {
    write: (line) => {
      const bytes = Buffer.from(isCut ? `\n${line}` : line)
      let at = 0
      for (let tries = 0; at < bytes.length && tries < triesMax; ) {
        try {
          at += write(bytes.subarray(at))
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') break
          tries += 1
          Atomics.wait(never, 0, 0, waitMs)
        }
      }
      if (at > 0) isCut = at < bytes.length
    },
  }
}
