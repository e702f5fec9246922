// Writing HTML without forgetting to escape: a template whose holes are escaped unless they are
// markup themselves.

export interface Markup {
  readonly html: string
  toString(): string
}

/** Taken as it is. */
export const raw = (text: string): Markup => ({ html: text, toString: () => text })

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => escapes[sign] ?? sign)

export const html = (
  texts: TemplateStringsArray,
  ...holes: readonly (string | Markup)[]
): Markup => {
  let text = texts[0] ?? ''
  holes.forEach((hole, i) => {
    text += (typeof hole === 'string' ? escaped(hole) : hole.html) + (texts[i + 1] ?? '')
  })
  return raw(text)
}

export const join = (parts: readonly Markup[]): Markup =>
  raw(parts.map((part) => part.html).join('\n'))

export const code = (text: string): Markup => html`<code>${text}</code>`

/** A text in which backticks stand around code. */
export const prose = (text: string): Markup =>
  raw(
    text.split('`').reduce((all, part, i) => all + (i % 2 === 0 ? html`${part}` : code(part)), ''),
  )

export const heading = (level: 3 | 4, id: string, text: Markup): Markup =>
  html`<h${raw(String(level))} id="${id}">${text}</h${raw(String(level))}>`
