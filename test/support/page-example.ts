// The examples of a documentation page: its sh blocks cut into statements, each block with the JSON that
// stands next to it as its answer.

export interface Example {
  /** Where the block begins. */
  readonly line: number
  /** Commands with their continuation lines, here-texts in quotes included. */
  readonly statements: readonly string[]
  /** The JSON right after the block; or right before it, where that is a fault. */
  readonly answer: unknown
  /** Why it cannot be run, where a comment before it says so. */
  readonly notRun: string | undefined
}

interface Part {
  readonly line: number
  readonly language: string
  readonly text: string
  /** What stands between this block and the one before. */
  readonly before: string
}

export const examplesOf = (page: string): Example[] => {
  const parts = partsOf(page)
  return parts.flatMap((part, i): Example[] => {
    if (part.language !== 'sh') return []
    const { line, text, before } = part
    const notRun = /<!-- not run: (.+?) -->\s*$/.exec(before)?.[1]
    const after = parts[i + 1]
    const isAnswered = after?.language === 'json' && after.before.trim() === ''
    const answer = isAnswered ? JSON.parse(after.text) : faultBefore(parts[i - 1], before)
    return [{ line, statements: statementsOf(text), answer, notRun }]
  })
}

const faultBefore = (part: Part | undefined, between: string): unknown => {
  if (part?.language !== 'json' || between.trim() !== '') return undefined
  const value: unknown = JSON.parse(part.text)
  const isFault = typeof value === 'object' && value !== null && 'error' in value
  return isFault ? value : undefined
}

const partsOf = (page: string): Part[] => {
  const parts: Part[] = []
  let end = 0
  for (const match of page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)) {
    const [whole, language = '', text = ''] = match
    const line = page.slice(0, match.index).split('\n').length
    parts.push({ line, language, text, before: page.slice(end, match.index) })
    end = match.index + whole.length
  }
  return parts
}

const statementsOf = (text: string): string[] => {
  const statements: string[] = []
  let open = ''
  for (const line of text.split('\n')) {
    const joined = open === '' ? line : `${open}\n${line}`
    const isOpen = joined.endsWith('\\') || joined.split("'").length % 2 === 0
    open = isOpen ? joined : ''
    if (!isOpen && joined.trim() !== '' && !joined.startsWith('#')) statements.push(joined)
  }
  if (open !== '') throw new Error(`a statement does not end: ${open}`)
  return statements
}
