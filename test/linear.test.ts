// No text that a caller sends may take time by the square of its length, or more: every regular expression of
// the program and of the console is analysed, and none may have two ways to read a run of characters.
import { readdirSync, readFileSync } from 'node:fs'
import { analyse } from 'scslre'
import { parseAst } from 'vite'
import { describe, expect, it } from 'vitest'

interface Found {
  readonly file: string
  readonly source: string
  readonly flags: string
}

const root = new URL('..', import.meta.url).pathname
const folders = ['src', 'console/src']
const files = folders.flatMap((folder) =>
  readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name))
    .map((name) => `${folder}/${name}`),
)

interface Node {
  readonly type?: string
  readonly regex?: { readonly pattern: string; readonly flags: string }
  readonly name?: string
}

/** All nodes of a file's syntax tree. */
const nodesOf = (file: string): Node[] => {
  const nodes: Node[] = []
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    if ('type' in value) nodes.push(value as Node)
    for (const child of Object.values(value)) visit(child)
  }
  const lang = file.endsWith('x') ? 'tsx' : 'ts'
  visit(parseAst(readFileSync(root + file, 'utf8'), { lang }))
  return nodes
}

const trees = files.map((file) => ({ file, nodes: nodesOf(file) }))
const literals = trees.flatMap(({ file, nodes }): Found[] =>
  nodes.flatMap(({ regex }) =>
    regex === undefined ? [] : [{ file, source: regex.pattern, flags: regex.flags }],
  ),
)

/** A text of so many of this character makes it slow; undefined for none. */
const slowOn = ({ source, flags }: Pick<Found, 'source' | 'flags'>): string | undefined =>
  analyse({ source, flags }).reports[0]?.character.pick

describe('every regular expression takes time by the length of its text', () => {
  it.each(literals)('$file: /$source/$flags', (literal) => {
    expect(slowOn(literal)).toBeUndefined()
  })

  it('there are some, and none is made of text, which nothing here could judge', () => {
    expect(literals.length).toBeGreaterThan(40)
    const made = trees.filter(({ nodes }) =>
      nodes.some(({ type, name }) => type === 'Identifier' && name === 'RegExp'),
    )
    expect(made.map(({ file }) => file)).toEqual([])
  })

  it.each([
    ['^ *basic +([^ ]*) *$', ' '],
    ['\\/+$', '/'],
    ['^(a+)+$', 'a'],
  ])('one that does not is found: /%s/', (source, character) => {
    expect(slowOn({ source, flags: '' })).toBe(character)
  })
})
