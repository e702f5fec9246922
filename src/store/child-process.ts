// Runs one of the engine's scripts in a process of its own: LMDB may end its process on a damaged file, and
// what it does natively cannot be broken off otherwise.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { builtFile } from '../runtime/built-file.ts'

export interface Apart {
  /** Each line of its standard output, parsed. */
  readonly said: AsyncIterable<unknown>
  /** Undefined where it ended by itself and well; else how it ended, as the end of a sentence. */
  readonly ended: Promise<string | undefined>
  kill(): void
}

/** `script` is the file's path under src, without its ending. */
export const runApart = (script: string, args: readonly string[]): Apart => {
  const child = spawn(process.execPath, [fileURLToPath(builtFile(script)), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let complaint = ''
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-1000)
  })
  const ended = new Promise<string | undefined>((resolve) => {
    child.once('close', (code, signal) => {
      if (signal !== null) resolve(`ended by ${signal}`)
      else resolve(code === 0 ? undefined : (complaint.trim().split('\n')[0] ?? ''))
    })
  })
  return {
    said: parsed(createInterface({ input: child.stdout })),
    ended,
    kill: () => child.kill('SIGKILL'),
  }
}

/** A number as an argument, or none. */
export const numbersOf = (number: number | undefined): readonly string[] =>
  number === undefined ? [] : [String(number)]

async function* parsed(lines: AsyncIterable<string>): AsyncIterable<unknown> {
  for await (const line of lines) yield JSON.parse(line)
}
