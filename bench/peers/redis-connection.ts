// One connection to Redis that takes ready commands, several at a time, and reads just what comes
// back: numbers, short texts, errors.
import { connect, type Socket } from 'node:net'

/** A command in the protocol of Redis; ids and keys are ASCII. */
export const command = (...words: readonly string[]): string =>
  `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`

interface Waiting {
  left: number
  readonly replies: string[]
  /** Whether the replies are wanted, not only their number. */
  readonly isKept: boolean
  resolve(replies: readonly string[]): void
  reject(error: Error): void
}

const newline = 10
const textMark = 36
const errorMark = 45

export class RedisConnection {
  readonly #socket: Socket
  readonly #waiting: Waiting[] = []
  #read: Buffer = Buffer.alloc(0)

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => this.#take(chunk))
    socket.on('error', (error) => this.#fail(error))
    socket.on('close', () => this.#fail(new Error('redis closed the connection')))
  }

  static open(path: string): Promise<RedisConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ path })
      socket.once('error', reject)
      socket.once('connect', () => resolve(new RedisConnection(socket)))
    })
  }

  /** Sends commands and resolves when all their replies are there: kept where only one is awaited. */
  exchange(commands: Buffer | string, replies: number): Promise<readonly string[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ left: replies, replies: [], isKept: replies === 1, resolve, reject })
      this.#socket.write(commands)
    })
  }

  close(): void {
    this.#socket.destroy()
  }

  #take(chunk: Buffer): void {
    this.#read = this.#read.length === 0 ? chunk : Buffer.concat([this.#read, chunk])
    let at = 0
    for (let end = this.#end(at); end >= 0; end = this.#end(at)) {
      this.#reply(at, end)
      at = end
    }
    this.#read = this.#read.subarray(at)
  }

  /** Where the reply that begins here ends; -1 when it is not all there. */
  #end(at: number): number {
    const line = this.#read.indexOf(newline, at)
    if (line < 0 || this.#read[at] !== textMark) return line < 0 ? -1 : line + 1
    const end = line + 1 + Number(this.#read.toString('latin1', at + 1, line - 1)) + 2
    return end <= this.#read.length ? end : -1
  }

  #reply(at: number, end: number): void {
    const waiting = this.#waiting[0]
    if (waiting === undefined) return
    if (this.#read[at] === errorMark) {
      this.#fail(new Error(this.#text(at, end)))
      return
    }
    if (waiting.isKept) waiting.replies.push(this.#text(at, end))
    if (--waiting.left > 0) return
    this.#waiting.shift()
    waiting.resolve(waiting.replies)
  }

  #text(at: number, end: number): string {
    const isText = this.#read[at] === textMark
    return this.#read.toString(
      'latin1',
      isText ? this.#read.indexOf(newline, at) + 1 : at + 1,
      end - 2,
    )
  }

  #fail(error: Error): void {
    for (const waiting of this.#waiting.splice(0)) waiting.reject(error)
  }
}
