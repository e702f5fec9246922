// The log: JSON lines on stderr, so that stdout stays for what a person asked to see. Never told
// credentials or bodies.
import { type DestinationStream, destination, type Logger, pino, stdTimeFunctions } from 'pino'

export type Log = Logger

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export const openLog = (level: LogLevel, to: DestinationStream = destination(2)): Log =>
  pino({ level, base: null, timestamp: stdTimeFunctions.isoTime }, to)
