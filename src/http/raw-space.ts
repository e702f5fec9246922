// The official Java client writes the blanks of `msg_ids=1, 2` into the request line as they are, and
// Node's parser refuses such a line. Here the line is mended and the connection handed to the same
// server again. Nothing but that one slip is mended: all else stays malformed.
import { Duplex } from 'node:stream'

// A path and a query of visible ASCII, blanks inside the query alone.
const slip = /^((?:GET|HEAD) \/[!->@-~]*)(\?[!-~]* [ -~]*) (HTTP\/1\.[01])$/
const begunSlip = /^(?:GET|HEAD) \/[!->@-~]*\?[!-~]* [ -~]*\r?$/
/** As long as Node lets a head be. */
const lineBytesMax = 16_384

/**
 * A request with its first line mended; `undecided` while the line is not whole, `malformed` where
 * anything else is odd about it.
 */
export const mendRawSpaces = (request: Buffer): Buffer | 'undecided' | 'malformed' => {
  const end = request.indexOf('\r\n')
  if (end < 0) {
    const isBegun = request.length <= lineBytesMax && begunSlip.test(request.toString('latin1'))
    return isBegun ? 'undecided' : 'malformed'
  }
  const [, path, query, version] = slip.exec(request.toString('latin1', 0, end)) ?? []
  if (end > lineBytesMax || query === undefined || query.includes(' HTTP/')) return 'malformed'
  const line = `${path}${query.replaceAll(' ', '%20')} ${version}`
  return Buffer.concat([Buffer.from(line, 'latin1'), request.subarray(end)])
}

/** Reads on until it is decided what this request is, for at most so long. */
export const awaitLine = (
  socket: Duplex,
  begun: Buffer,
  withinMs: number,
  done: (request: Buffer | 'malformed' | 'requestTimeout') => void,
): void => {
  let request = begun
  const stop = () => {
    clearTimeout(timer)
    socket.pause().off('data', onData).off('end', onEnd).off('close', stop)
  }
  const end = (outcome: Parameters<typeof done>[0]) => {
    stop()
    done(outcome)
  }
  const onData = (chunk: Buffer) => {
    request = Buffer.concat([request, chunk])
    if (mendRawSpaces(request) !== 'undecided') end(request)
  }
  const onEnd = () => end('malformed')
  const timer = setTimeout(end, withinMs, 'requestTimeout')
  socket.on('data', onData).once('end', onEnd).once('close', stop).resume()
}

interface Link {
  readonly socket: Duplex
  /** Lets go of the socket without closing it. */
  release(): void
}

// A kept-alive connection may hold many such lines: each begins anew on the socket itself, not on the
// stream that stood in for it before.
const links = new WeakMap<Duplex, Link>()

/** Takes the connection from the parser that refused its bytes, so that it gets no more of them. */
export const takeFromParser = (connection: Duplex): Duplex => {
  const before = links.get(connection)
  const socket = before?.socket ?? connection
  before?.release()
  for (const event of ['data', 'end', 'timeout']) socket.removeAllListeners(event)
  return socket
}

/** A connection that begins with these bytes and goes on with those of the socket. */
export const linkTo = (socket: Duplex, first: Buffer): Duplex => {
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
  if ('remoteAddress' in socket) Object.assign(again, { remoteAddress: socket.remoteAddress })
  links.set(again, { socket, release })
  again.push(first)
  return again
}
