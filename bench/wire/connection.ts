// One HTTP/1.1 connection that stays open, over a bare socket: requests are ready buffers, and of an
// answer no more is read than its status and length. Far cheaper than node:http, so that the load
// generator leaves the machine to what is measured. Not a client: it knows no chunked answers.
import { connect, type Socket } from 'node:net'

export interface Answer {
  readonly status: number
  readonly body: Buffer
}

interface Waiting {
  resolve(answer: Answer): void
  reject(error: Error): void
}

const headEnd = Buffer.from('\r\n\r\n')

/** A whole request as one buffer. */
export const requestOf = (path: string, authorization: string, body?: Buffer): Buffer => {
  const method = body === undefined ? 'GET' : 'POST'
  const head = `${method} ${path} HTTP/1.1\r\nhost: bench\r\nauthorization: ${authorization}\r\n`
  const length = body === undefined ? '' : `content-length: ${body.length}\r\n`
  return Buffer.concat([Buffer.from(`${head}${length}\r\n`), body ?? Buffer.alloc(0)])
}

export class Connection {
  readonly #socket: Socket
  #waiting: Waiting | undefined
  #read: Buffer = Buffer.alloc(0)

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => this.#take(chunk))
    socket.on('error', (error) => this.#fail(error))
    socket.on('close', () => this.#fail(new Error('the server closed the connection')))
  }

  static open(url: string): Promise<Connection> {
    const { hostname, port } = new URL(url)
    return new Promise((resolve, reject) => {
      const socket = connect({ host: hostname, port: Number(port), noDelay: true })
      socket.once('error', reject)
      socket.once('connect', () => resolve(new Connection(socket)))
    })
  }

  /** Sends a request and resolves with its answer; one at a time. */
  exchange(request: Buffer): Promise<Answer> {
    if (this.#waiting !== undefined) throw new Error('one request at a time')
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
      this.#socket.write(request)
    })
  }

  close(): void {
    this.#socket.destroy()
  }

  #take(chunk: Buffer): void {
    this.#read = this.#read.length === 0 ? chunk : Buffer.concat([this.#read, chunk])
    const at = this.#read.indexOf(headEnd)
    if (at < 0) return
    const head = this.#read.subarray(0, at).toString('latin1')
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? Number.NaN)
    if (Number.isNaN(length)) {
      this.#fail(new Error(`an answer without length: ${head}`))
      return
    }
    const from = at + headEnd.length
    if (this.#read.length < from + length) return
    const waiting = this.#waiting
    const body = this.#read.subarray(from, from + length)
    this.#waiting = undefined
    this.#read = Buffer.alloc(0)
    waiting?.resolve({ status: Number(head.slice(9, 12)), body })
  }

  #fail(error: Error): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.reject(error)
  }
}
