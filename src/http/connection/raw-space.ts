// The official Java client writes the spaces of `msg_ids=1, 2` into the request line as they are, and Node's
// parser rejects such a line. Here a line is read on its way to the parser, and those spaces become %20.
// Nothing but that one slip is changed: the parser judges everything else.

/** The parser's share of some bytes. */
export interface LineRead {
  /** Goes to the parser in place of the bytes before `from`. */
  readonly changed: Buffer | undefined
  /** The bytes from here to `to` go to the parser as they are. */
  readonly from: number
  readonly to: number
  /**
   * The rest of the request needs no reading. Until then the bytes after `to`, at most seven, are to be read
   * again together with those that come next.
   */
  readonly isOver: boolean
}

export interface RequestLine {
  /** Begins the next line. */
  begin(): void
  /** Reads on, until the line is over. */
  read(bytes: Buffer): LineRead
}

const starts = ['GET /', 'HEAD /'] as const
const protocol = Buffer.from(' HTTP/1.')
const protocolNameBytes = ' HTTP/'.length
const encodedSpace = Buffer.from('%20')
// The parser rejects every line that holds it.
const spoiling = Buffer.from('\0')
const space = 0x20
const questionMark = 0x3f

const isVisible = (byte: number): boolean => byte > space && byte < 0x7f
const isLineEnd = (byte: number): boolean => byte === 0x0d || byte === 0x0a

const endOfVisible = (bytes: Buffer, from: number): number => {
  let at = from
  while (at < bytes.length && isVisible(bytes[at] as number)) at += 1
  return at
}

/** A space is `raw` and to be changed, or the `last` one of the line, or `odd` and for the parser to judge. */
type Space = 'raw' | 'last' | 'odd' | 'undecided'

const spaceAt = (bytes: Buffer, at: number): Space => {
  let matched = 1
  while (matched < protocol.length && bytes[at + matched] === protocol[matched]) matched += 1
  if (matched === protocol.length) return 'last'
  if (at + matched === bytes.length) return 'undecided'
  return matched < protocolNameBytes ? 'raw' : 'odd'
}

export const openRequestLine = (): RequestLine => {
  let stage: 'ahead' | 'start' | 'path' | 'query' | 'over' = 'ahead'
  let start = ''
  let startMatched = 0
  let isChanged = false

  /** Takes a byte that stands before the query; false where the line is over with it. */
  const step = (byte: number): boolean => {
    if (stage === 'ahead') {
      // The parser skips line ends before a request.
      if (isLineEnd(byte)) return true
      start = starts.find((text) => text.charCodeAt(0) === byte) ?? ''
      startMatched = 0
      stage = 'start'
    }
    if (stage === 'path') {
      if (byte === questionMark) stage = 'query'
      else return isVisible(byte)
    } else if (byte !== start.charCodeAt(startMatched)) return false
    else if (++startMatched === start.length) stage = 'path'
    return true
  }

  const read = (bytes: Buffer): LineRead => {
    const pieces: Buffer[] = []
    let from = 0
    let to = 0
    const change = (into: Buffer, goOnAt: number) => {
      pieces.push(bytes.subarray(from, to), into)
      from = goOnAt
      isChanged = true
    }
    while (to < bytes.length && stage !== 'over') {
      if (stage !== 'query') {
        if (step(bytes[to] as number)) to += 1
        else stage = 'over'
        continue
      }
      to = endOfVisible(bytes, to)
      if (to === bytes.length) break
      const kind = bytes[to] === space ? spaceAt(bytes, to) : 'odd'
      if (kind === 'undecided') break
      if (kind === 'raw') {
        change(encodedSpace, to + 1)
        to += 1
      } else {
        if (kind === 'odd' && isChanged) change(spoiling, to)
        stage = 'over'
      }
    }
    const changed = pieces.length === 0 ? undefined : Buffer.concat(pieces)
    return { changed, from, to, isOver: stage === 'over' }
  }

  return {
    begin: () => {
      stage = 'ahead'
      isChanged = false
    },
    read,
  }
}
