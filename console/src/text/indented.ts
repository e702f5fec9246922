// JSON laid out for reading without being parsed: every digit and escape stays as it came.

const blanks = /\s/

export const indented = (json: string): string => {
  let out = ''
  let depth = 0
  let isText = false
  const lineBreak = () => `\n${'  '.repeat(depth)}`
  for (let i = 0; i < json.length; i++) {
    const char = json[i] as string
    if (isText) {
      out += char
      if (char === '\\') out += json[++i] ?? ''
      else if (char === '"') isText = false
    } else if (char === '"') {
      isText = true
      out += char
    } else if (char === '{' || char === '[') {
      const close = /^\s*[}\]]/.exec(json.slice(i + 1, i + 20))
      if (close !== null) {
        out += char + (close[0].at(-1) ?? '')
        i += close[0].length
      } else {
        depth++
        out += char + lineBreak()
      }
    } else if (char === '}' || char === ']') {
      depth--
      out += lineBreak() + char
    } else if (char === ',') out += char + lineBreak()
    else if (char === ':') out += ': '
    else if (!blanks.test(char)) out += char
  }
  return out
}
