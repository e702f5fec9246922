// A question as a line of curl, for those who go on at a terminal. The secret stays a placeholder.
import type { Question } from './question.ts'

/** In single quotes for a POSIX shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

export const curlOf = (question: Question<unknown>, origin: string, key: string): string => {
  const body =
    question.json === undefined ? '' : ` \\\n  -d ${quoted(JSON.stringify(question.json))}`
  return `curl -u ${quoted(`${key}:MASTER_SECRET`)} ${quoted(origin + question.path)}${body}`
}
