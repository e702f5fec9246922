// The document as one page of HTML for reading: no script, nothing loaded, every text escaped.
import type { Document, OperationObject } from './document.ts'
import type { MediaObject, ResponseObject } from './fault-answer.ts'
import { code, heading, html, join, type Markup, prose, raw } from './markup.ts'
import { memberTable, typeOf } from './schema-page.ts'

/** All of its style; a page may hold it to this by its hash. */
export const style = `:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem 1rem 4rem}
h1,h2,h3{line-height:1.2}h2{margin-top:3rem}section{border-top:1px solid #8886;padding-top:.5rem}
code,pre{font:14px/1.45 ui-monospace,monospace}
pre{background:#8881;padding:.75rem;overflow:auto;max-height:30rem}
table{border-collapse:collapse;width:100%}
td,th{border-bottom:1px solid #8884;padding:.3rem .6rem .3rem 0;text-align:left;vertical-align:top}
nav ul{padding:0;list-style:none;columns:20rem}summary{cursor:pointer}
.method{font-weight:700}.muted{opacity:.7}
`

export const pageOf = (document: Document): string => {
  const { info, tags, components } = document
  const operations = operationsOf(document)
  const body = html`<h1>${info.title}</h1>
<p>${prose(info.description)}</p>
<p>The same for programs: <a href="/openapi.json">openapi.json</a>, OpenAPI ${document.openapi}.</p>
<nav><ul>${join(operations.map(contentsLine))}
<li><a href="#schemas">Schemas</a></li></ul></nav>
${join(tags.map(({ name, description }) => tagPart(name, description, operations)))}
<h2 id="schemas">Schemas</h2>
${join(Object.entries(components.schemas).map(([name, schema]) => memberTable(name, schema)))}`
  const head = html`<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${info.title}: what it answers</title><style>${raw(style)}</style>`
  return `<!doctype html>\n${html`<html lang="en"><head>${head}</head><body>${body}</body></html>`}\n`
}

interface Entry {
  readonly method: string
  readonly path: string
  readonly operation: OperationObject
}

const operationsOf = ({ paths }: Document): readonly Entry[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation,
    })),
  )

const contentsLine = ({ method, path, operation }: Entry): Markup =>
  html`<li><a href="#${operation.operationId}"><span class="method">${method}</span> ${path}</a></li>`

const tagPart = (name: string, description: string, all: readonly Entry[]): Markup => html`
<h2>${name}</h2>
<p>${prose(description)}</p>
${join(all.filter(({ operation }) => operation.tags.includes(name)).map(operationPart))}`

const operationPart = ({ method, path, operation }: Entry): Markup => html`
<section>${heading(3, operation.operationId, html`<span class="method">${method}</span> ${code(path)}`)}
<p><strong>${operation.summary}.</strong> ${prose(operation.description)}</p>
${security(operation)}${parameters(operation)}${requestBody(operation)}
<h4>Answers</h4>
${join(Object.entries(operation.responses).map(([status, answer]) => response(status, answer)))}
</section>`

const security = ({ security: any }: OperationObject): Markup => {
  const names = any.flatMap((schemes) => Object.keys(schemes))
  return html`<p class="muted">Credentials: ${names.length === 0 ? 'none' : names.join(' or ')}.</p>`
}

const parameters = ({ parameters: all = [] }: OperationObject): Markup => {
  if (all.length === 0) return raw('')
  const rows = all.map(
    ({ name, schema, description, examples }) => html`<tr><td>${code(name)}</td>
<td>${typeOf(schema)}</td><td>${prose(description)}</td><td>${shortExample(examples)}</td></tr>`,
  )
  return html`<table><tr><th>parameter</th><th>type</th><th></th><th>for example</th></tr>
${join(rows)}</table>`
}

const shortExample = (examples: NonNullable<MediaObject['examples']>): Markup => {
  const [first] = Object.values(examples)
  return first === undefined ? raw('') : code(String(first.value))
}

const requestBody = ({ requestBody: asked }: OperationObject): Markup =>
  asked === undefined ? raw('') : html`<h4>Body</h4>${media(asked.content)}`

const response = (status: string, { description, headers = {}, content }: ResponseObject): Markup =>
  html`<details${raw(status.startsWith('2') ? ' open' : '')}>
<summary><strong>${status}</strong> ${description}</summary>
${join(
  Object.entries(headers).map(
    ([name, header]) => html`<p>${code(name)} ${prose(header.description)}</p>`,
  ),
)}
${media(content)}</details>`

const media = (content: Readonly<Record<string, MediaObject>>): Markup =>
  join(
    Object.entries(content).map(
      ([type, { schema, examples = {} }]) => html`<p>${code(type)}: ${typeOf(schema)}</p>
${join(Object.values(examples).map(({ value }) => html`<pre>${textOf(value)}</pre>`))}`,
    ),
  )

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value, undefined, 2)
