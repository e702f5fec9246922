// Work on damaged files, in child processes that it may end: a line of JSON to the child for each piece,
// and a line from it.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** What came of each piece; undefined where the process ended. The script stands beside this file. */
export const attemptEach = async <T>(
  script: string,
  pieces: readonly object[],
): Promise<(T | undefined)[]> => {
  const came: (T | undefined)[] = []
  const path = fileURLToPath(new URL(script, import.meta.url))
  while (came.length < pieces.length) {
    const child = spawn(process.execPath, [path], { stdio: ['pipe', 'pipe', 'ignore'] })
    // It may end before it has read everything.
    child.stdin.on('error', () => {})
    for (const piece of pieces.slice(came.length)) child.stdin.write(`${JSON.stringify(piece)}\n`)
    child.stdin.end()
    for await (const line of createInterface({ input: child.stdout })) came.push(JSON.parse(line))
    if (came.length < pieces.length) came.push(undefined)
  }
  return came
}
