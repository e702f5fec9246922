// The official Java client writes the blanks of `msg_ids=1, 2` into the request line as they are, and
// Node's parser refuses such a line. Here the line is mended and the connection handed to the same
// server again. Nothing but that one slip is mended: all else stays malformed.
import type { Server } from 'node:http'
import { Duplex } from 'node:stream'

// A path and a query of visible ASCII, blanks inside the query alone.
const slip = /^((?:GET|HEAD) \/[!->@-~]*)(\?[!-~]* [ -~]*) (HTTP\/1\.[01])$/

/** The packet with its first line mended, or undefined where anything else is odd about it. */
export const mendRawSpaces = (error: Error): Buffer | undefined => {
  const { code, rawPacket, bytesParsed } = parserErrorOf(error)
  if (code !== 'HPE_INVALID_CONSTANT' || rawPacket === undefined) return undefined
  const end = rawPacket.indexOf('\r\n')
  // An error further on is about another request.
  if (end < 0 || bytesParsed > end) return undefined
  const [, path, query, version] = slip.exec(rawPacket.toString('latin1', 0, end)) ?? []
  if (query === undefined || query.includes(' HTTP/')) return undefined
  const line = `${path}${query.replaceAll(' ', '%20')} ${version}`
  return Buffer.concat([Buffer.from(line, 'latin1'), rawPacket.subarray(end)])
}

const parserErrorOf = (error: Error) => ({
  code: 'code' in error ? error.code : undefined,
  rawPacket: 'rawPacket' in error && Buffer.isBuffer(error.rawPacket) ? error.rawPacket : undefined,
  bytesParsed: 'bytesParsed' in error ? Number(error.bytesParsed) : Number.POSITIVE_INFINITY,
})

interface Link {
  readonly socket: Duplex
  /** Lets go of the socket without closing it. */
  release(): void
}

// A kept-alive connection may hold many such lines: each begins anew on the socket itself, not on the
// stream that stood in for it before.
const links = new WeakMap<Duplex, Link>()

/** Lets the server begin anew with a connection whose first bytes are these. */
export const serveAgain = (server: Server, connection: Duplex, first: Buffer): void => {
  const before = links.get(connection)
  const socket = before?.socket ?? connection
  before?.release()
  // The parser that refused the line gets no more of what comes: it is the new one's.
  for (const event of ['data', 'end', 'timeout']) socket.removeAllListeners(event)

  let isLinked = true
  const again: Duplex = new Duplex({
    read: () => socket.resume(),
    write: (chunk, encoding, done) => socket.write(chunk, encoding, done),
    final: (done) => socket.end(done),
    destroy: (error, done) => {
      if (isLinked) socket.destroy()
      done(error)
    },
  })
  const onData = (chunk: Buffer) => {
    if (!again.push(chunk)) socket.pause()
  }
  const onEnd = () => again.push(null)
  const onClose = () => again.destroy()
  socket.on('data', onData).once('end', onEnd).once('close', onClose)
  const release = () => {
    isLinked = false
    socket.off('data', onData).off('end', onEnd).off('close', onClose)
    again.destroy()
  }
  links.set(again, { socket, release })
  again.push(first)
  server.emit('connection', again)
}
