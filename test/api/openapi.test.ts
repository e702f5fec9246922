// The OpenAPI document says what the server does: it has every route and no other, every example in it
// is asked of a real server and answered as shown, and everything shown is what its schemas allow.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FAULTS, type FaultName } from '../../src/ledger/fault.ts'
import { REFUSALS } from '../../src/ledger/refusal.ts'
import type { Document, OperationObject } from '../../src/openapi/document.ts'
import { TAGS } from '../../src/openapi/operation.ts'
import { operationsFor } from '../../src/openapi/operations.ts'
import { basicOf, openGroup } from '../support/group.ts'
import { type Judge, openJudge } from '../support/json-schema.ts'
import { pageFacts } from '../support/page-fact.ts'
import { basic, startServer, type TestServer } from '../support/server.ts'

const token = 'a-token-of-this-test'
const page = async () => ({ text: 'a 1\n', contentType: 'text/plain; version=0.0.4' })
const limits = {
  rateLimit: 2400,
  bodyBytesMax: 16_777_216,
  lineDevicesMax: 10_000,
  metrics: { token, page },
}

let server: TestServer
let document: Document
let judge: Judge
beforeAll(async () => {
  server = await startServer(limits)
  const { text } = await server.ask('/openapi.json', { headers: { authorization: '' } })
  document = JSON.parse(text) as Document
  judge = openJudge(document)
})
afterAll(() => server.close())

const placesOf = ({ paths }: Document) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      path,
      method: method.toUpperCase(),
      operation,
    })),
  )

describe('the document', () => {
  it('has every row of the table; a route without one would have no document', () => {
    const places = placesOf(document).map(({ method, path }) => `${method} ${path}`)
    expect(places.sort()).toEqual(Object.keys(operationsFor(limits)).sort())
  })

  it('has only what answers, by its methods alone', async () => {
    for (const [path, methods] of Object.entries(document.paths)) {
      const { status, headers } = await server.ask(path, { method: 'PATCH' })
      expect([path, status]).toEqual([path, 405])
      const names = Object.keys(methods).map((method) => method.toUpperCase())
      const allowed = names.flatMap((name) => (name === 'GET' ? ['GET', 'HEAD'] : [name]))
      expect(headers.get('allow')).toBe(allowed.join(', '))
    }
  })

  it('needs no credentials for itself', async () => {
    const reply = await fetch(`${server.url}/openapi.json`)
    expect([reply.status, reply.headers.get('content-type')]).toEqual([
      200,
      'application/json; charset=utf-8',
    ])
  })

  it('gives each operation an id of its own and a tag of the table', () => {
    const operations = placesOf(document).map(({ operation }) => operation)
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length)
    for (const { tags } of operations)
      expect(Object.keys(TAGS)).toEqual(expect.arrayContaining([...tags]))
  })

  it('tells the closed lists and the limits of this server', async () => {
    const { schemas } = document.components
    expect(schemas['RefusalCode']?.enum).toEqual(REFUSALS)
    expect(schemas['FaultCode']?.enum).toEqual([
      ...new Set(Object.values(FAULTS).map(({ code }) => code)),
    ])
    const small = await startServer({ rateLimit: 0, bodyBytesMax: 2222, lineDevicesMax: 33 })
    const { text } = await small.ask('/openapi.json')
    await small.close()
    expect(text).toMatch(/At most 2222 bytes unpacked, and 33 devices/)
    expect(text).toContain('"maxItems":33')
    expect(text).not.toContain('X-Rate-Limit')
  })

  it('names every report below both bases, which answer alike', async () => {
    for (const { path, method, operation } of placesOf(document)) {
      if (!path.startsWith('/v3/')) continue
      const twin = path.replace('/v3/', '/v3/report/')
      expect(operation.description).toContain(`Also at ${twin}.`)
      const replies = [await server.ask(path, { method }), await server.ask(twin, { method })]
      expect(replies[1]?.text).toBe(replies[0]?.text)
    }
  })
})

interface Shown {
  readonly id: string
  readonly name: string
  readonly path: string
  readonly method: string
  readonly operation: OperationObject
}

/** Every example by its name, wherever in the operation it stands. */
const examplesOf = (place: Omit<Shown, 'id' | 'name'>): Shown[] => {
  const { operation } = place
  const { parameters = [], requestBody, responses } = operation
  const media = [requestBody?.content ?? {}, ...Object.values(responses).map((r) => r.content)]
  const shown = [
    ...parameters.map(({ examples }) => examples),
    ...media.flatMap((content) => Object.values(content).map(({ examples = {} }) => examples)),
  ]
  const names = new Set(shown.flatMap((examples) => Object.keys(examples)))
  const asked = [...names].filter((name) => !(name in FAULTS))
  // The document and its page are too long to be shown in themselves.
  if (asked.length === 0) asked.push('')
  return asked.map((name) => ({ ...place, id: operation.operationId, name }))
}

/** What stands in the document, made without the server that `beforeAll` starts. */
const table = async (): Promise<Document> => {
  const one = await startServer(limits)
  const { text } = await one.ask('/openapi.json')
  await one.close()
  return JSON.parse(text) as Document
}
const all = placesOf(await table()).flatMap(examplesOf)
const push = 'c4hmbne09s6bbaca91vg'

/** The noun of the pages for an operation. */
const pageOf = (id: string): string => id.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** A server that was told what the examples say, and the credentials for each kind of caller. */
const setScene = async ({ id }: Shown) => {
  const scene = await startServer(limits)
  const group = await openGroup(scene)
  await pageFacts[id === 'groupUsers' ? 'users' : pageOf(id)]?.(scene)
  if (id === 'groupMessagesDetail') {
    const about = { msgId: '1613113584', platform: 'android', channel: 'jpush' } as const
    await scene.told({ ...about, stage: 'received', devices: 2 })
    await group.tell(push, { [group.apps[0]]: '1613113584' })
  }
  const operator = `Bearer ${token}`
  return { scene, authorization: { app: basic, group: basicOf(group.key, group.secret), operator } }
}

const requestOf = ({ path, method, operation, name }: Shown): [string, RequestInit][] => {
  const asked = (operation.parameters ?? []).flatMap(({ name: key, in: place, examples }) => {
    const example = examples[name]
    return example === undefined ? [] : [{ key, place, value: String(example.value) }]
  })
  const query = asked
    .filter(({ place }) => place === 'query')
    .map(({ key, value }) => `${key}=${encodeURIComponent(value)}`)
  const headers = Object.fromEntries(
    asked.filter(({ place }) => place === 'header').map(({ key, value }) => [key, value]),
  )
  const target = query.length > 0 ? `${path}?${query.join('&')}` : path
  const bodies = Object.entries(operation.requestBody?.content ?? {}).map(
    ([type, { examples }]) => {
      const value = examples?.[name]?.value
      const body = typeof value === 'string' ? value : JSON.stringify(value)
      return [target, { method, headers: { 'content-type': type }, body }] as [string, RequestInit]
    },
  )
  return bodies.length > 0 ? bodies : [[target, { method, headers }]]
}

describe('every example is answered as shown', () => {
  it.each(all)('$method $path $name', async (shown) => {
    const { security, responses } = shown.operation
    const [scheme] = security.flatMap((schemes) => Object.keys(schemes)) as (
      | 'app'
      | 'group'
      | 'operator'
    )[]
    for (const [path, init] of requestOf(shown)) {
      const { scene, authorization } = await setScene(shown)
      const login = scheme === undefined ? '' : authorization[scheme]
      const headers = { ...init.headers, authorization: login }
      const { status, text, headers: told } = await scene.ask(path, { ...init, headers })
      await scene.close()
      const answer = responses[status]
      expect(Object.keys(responses), text).toContain(String(status))
      const [type, media] = Object.entries(answer!.content)[0]!
      expect(told.get('content-type')).toMatch(new RegExp(`^${type};`))
      for (const name of Object.keys(answer!.headers ?? {})) {
        if (name !== 'Retry-After') expect(told.has(name), name).toBe(true)
      }
      if (type !== 'application/json') continue
      const body: unknown = JSON.parse(text)
      expect(judge(media.schema, body)).toEqual([])
      const example = media.examples?.[shown.name]
      if (example !== undefined) expect(body).toEqual(example.value)
      else expect(shown.id).toBe('openapi')
    }
  })
})

describe('everything shown is what its schema allows', () => {
  it('in questions', () => {
    for (const { operation } of placesOf(document)) {
      for (const { schema, examples } of operation.parameters ?? []) {
        for (const { value } of Object.values(examples)) expect(judge(schema, value)).toEqual([])
      }
      for (const { schema, examples = {} } of Object.values(operation.requestBody?.content ?? {})) {
        for (const [name, { value }] of Object.entries(examples)) {
          // Events that are refused are shown too.
          if (name === 'accepted' || operation.operationId !== 'events') {
            expect(judge(schema, value)).toEqual([])
          }
        }
      }
    }
  })

  it('in answers, faults with the status and code of the table', () => {
    let faults = new Set<string>()
    for (const { operation } of placesOf(document)) {
      for (const [status, { content }] of Object.entries(operation.responses)) {
        for (const { schema, examples = {} } of Object.values(content)) {
          for (const [name, { value }] of Object.entries(examples)) {
            expect(judge(schema, value)).toEqual([])
            if (!(name in FAULTS)) continue
            const fault = FAULTS[name as FaultName]
            expect(status).toBe(String(fault.status))
            expect(value).toEqual({ error: { code: fault.code, message: fault.text } })
            faults = faults.add(name)
          }
        }
      }
    }
    // These two belong to paths that are not in the document, or not by this method.
    const elsewhere = ['notFound', 'methodNotAllowed']
    expect([...faults, ...elsewhere].sort()).toEqual(Object.keys(FAULTS).sort())
  })
})

it('the rate is told where a call was counted, and nowhere before', () => {
  const told = placesOf(document).map(({ path, operation }) => {
    const statuses = Object.entries(operation.responses)
      .filter(([, { headers = {} }]) => 'X-Rate-Limit-Limit' in headers)
      .map(([status]) => status)
    return [path, statuses.join(' ')]
  })
  const byPath = Object.fromEntries(told) as Record<string, string>
  expect(byPath['/v3/received']).toBe('200 400 429 500 503')
  expect(byPath['/v3/users']).toBe('200 400 403 429 500 503')
  expect(byPath['/v3/status/message']).toBe('200 400 413 415 429 500 503')
  for (const path of ['/v1/events', '/v1/group/messages', '/healthz']) expect(byPath[path]).toBe('')
})

it('a wrong answer is told from a right one', () => {
  const [one] = placesOf(document).filter(({ path }) => path === '/v3/received')
  const { schema } = Object.values(one!.operation.responses['200']!.content)[0]!
  const right = {
    msg_id: '1',
    android_received: 1,
    ios_apns_sent: null,
    ios_apns_received: null,
    ios_msg_received: null,
    wp_mpns_sent: null,
  }
  expect(judge(schema, [right])).toEqual([])
  for (const wrong of [{ msg_id: 1 }, { android_received: 0 }, { wp_mpns_sent: undefined }]) {
    const { wp_mpns_sent, ...rest } = { ...right, ...wrong }
    expect(judge(schema, [wp_mpns_sent === undefined ? rest : { ...right, ...wrong }])).not.toEqual(
      [],
    )
  }
})
