// The manifest for Kubernetes: only fields that there are, names that belong together, settings that the
// server knows, paths that it answers, and what an operator must not have to think of.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv, type SchemaObject } from 'ajv'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { environmentWarnings, SETTINGS, settingOf } from '../src/settings/settings.ts'
import { startServer } from './support/server.ts'

const path = fileURLToPath(new URL('../examples/kubernetes/pushledger.yaml', import.meta.url))
const documents = parseAllDocuments(readFileSync(path, 'utf8'), { strict: true, uniqueKeys: true })

// Of the fields of Kubernetes those that the manifest uses, with their types: a mistyped one is found.
const text = { type: 'string', minLength: 1 }
const count = { type: 'integer', minimum: 0 }
const yes = { type: 'boolean' }
const list = (items: SchemaObject): SchemaObject => ({ type: 'array', minItems: 1, items })
const map: SchemaObject = { type: 'object', additionalProperties: text }
/** All are required, but those that end in a question mark. */
const object = (fields: Record<string, SchemaObject>): SchemaObject => ({
  type: 'object',
  additionalProperties: false,
  required: Object.keys(fields).filter((name) => !name.endsWith('?')),
  properties: Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name.replace('?', ''), field]),
  ),
})
const quantity = { type: 'string', pattern: '^[0-9]+(m|Ki|Mi|Gi|Ti)?$' }
const port = { type: 'integer', minimum: 1, maximum: 65_535 }

const metadata = object({ name: text, labels: map })
const probe = object({
  httpGet: object({ path: text, port: text, 'scheme?': text }),
  periodSeconds: count,
  timeoutSeconds: count,
  failureThreshold: count,
})
const secret = object({ secretKeyRef: object({ name: text, key: text, 'optional?': yes }) })
const container = object({
  name: text,
  image: text,
  ports: list(object({ name: text, containerPort: port })),
  env: list(object({ name: text, 'value?': text, 'valueFrom?': secret })),
  startupProbe: probe,
  livenessProbe: probe,
  readinessProbe: probe,
  resources: object({
    requests: object({ cpu: quantity, memory: quantity }),
    limits: object({ memory: quantity }),
  }),
  securityContext: object({
    allowPrivilegeEscalation: { const: false },
    readOnlyRootFilesystem: { const: true },
    capabilities: object({ drop: { const: ['ALL'] } }),
  }),
  volumeMounts: list(object({ name: text, mountPath: text })),
})
const pod = object({
  enableServiceLinks: { const: false },
  automountServiceAccountToken: { const: false },
  terminationGracePeriodSeconds: { type: 'integer', minimum: 30 },
  securityContext: object({
    runAsNonRoot: { const: true },
    runAsUser: { type: 'integer', minimum: 1 },
    runAsGroup: { type: 'integer', minimum: 1 },
    fsGroup: { type: 'integer', minimum: 1 },
    fsGroupChangePolicy: { enum: ['OnRootMismatch', 'Always'] },
    seccompProfile: object({ type: { const: 'RuntimeDefault' } }),
  }),
  containers: list(container),
  volumes: list(object({ name: text, emptyDir: object({}) })),
})
const claim = object({
  metadata: object({ name: text }),
  spec: object({
    accessModes: { const: ['ReadWriteOncePod'] },
    resources: object({ requests: object({ storage: quantity }) }),
  }),
})
const schemas: Readonly<Record<string, SchemaObject>> = {
  Service: object({
    apiVersion: { const: 'v1' },
    kind: text,
    metadata,
    spec: object({
      selector: map,
      ports: list(object({ name: text, port, targetPort: text })),
    }),
  }),
  StatefulSet: object({
    apiVersion: { const: 'apps/v1' },
    kind: text,
    metadata,
    spec: object({
      serviceName: text,
      replicas: { const: 1 },
      selector: object({ matchLabels: map }),
      template: object({ metadata: object({ labels: map }), spec: pod }),
      volumeClaimTemplates: list(claim),
    }),
  }),
}

interface Named {
  readonly name: string
}
interface Manifest {
  readonly kind: string
  readonly metadata: Named
  readonly spec: {
    readonly selector: Record<string, unknown>
    readonly ports: readonly { readonly targetPort: string }[]
    readonly serviceName: string
    readonly template: {
      readonly metadata: { readonly labels: unknown }
      readonly spec: {
        readonly containers: readonly Container[]
        readonly volumes: readonly Named[]
      }
    }
    readonly volumeClaimTemplates: readonly { readonly metadata: Named }[]
  }
}
interface Container {
  readonly ports: readonly (Named & { readonly containerPort: number })[]
  readonly env: readonly (Named & { readonly value?: string })[]
  readonly volumeMounts: readonly (Named & { readonly mountPath: string })[]
  readonly startupProbe: Probe
  readonly livenessProbe: Probe
  readonly readinessProbe: Probe
}
interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string }
}

const manifests = documents.map((document) => document.toJS() as Manifest)
const of = (kind: string): Manifest => manifests.find((each) => each.kind === kind)!
const { spec } = of('StatefulSet')
const [served] = spec.template.spec.containers as [Container]

describe('the manifest for Kubernetes', () => {
  it('is YAML without a mistake', () => {
    expect(documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([])
    expect(manifests.map(({ kind }) => kind)).toEqual(Object.keys(schemas))
  })

  it.each(Object.entries(schemas))('%s has only fields that there are', (kind, schema) => {
    const check = new Ajv({ allErrors: true }).compile(schema)
    expect(check(of(kind)) || check.errors).toBe(true)
  })

  it('names what belongs together alike', () => {
    const { labels } = spec.template.metadata
    const service = of('Service')
    expect(service.spec.selector).toEqual(labels)
    expect(spec.selector).toEqual({ matchLabels: labels })
    expect(spec.serviceName).toBe(service.metadata.name)
    const names = (all: readonly Named[]) => all.map(({ name }) => name)
    const ports = names(served.ports)
    const { startupProbe, livenessProbe, readinessProbe } = served
    const probes = [startupProbe, livenessProbe, readinessProbe]
    for (const { httpGet } of probes) expect(ports).toContain(httpGet.port)
    for (const { targetPort } of service.spec.ports) expect(ports).toContain(targetPort)
    const claims = spec.volumeClaimTemplates.map(({ metadata: { name } }) => name)
    const volumes = [...names(spec.template.spec.volumes), ...claims]
    expect(names(served.volumeMounts).sort()).toEqual(volumes.sort())
  })

  it('sets what the server knows: the mounted directory, the port that is open', () => {
    const variables = Object.fromEntries(served.env.map(({ name, value }) => [name, value ?? 'x']))
    expect(environmentWarnings(variables)).toEqual([])
    const mounts = served.volumeMounts.map(({ mountPath }) => mountPath)
    expect(mounts).toContain(settingOf(SETTINGS.data, undefined, variables))
    const [{ containerPort }] = served.ports as [Container['ports'][0]]
    expect(settingOf(SETTINGS.port, undefined, variables)).toBe(containerPort)
    expect(settingOf(SETTINGS.host, undefined, variables)).toBe('0.0.0.0')
  })

  it('probes what the server answers', async () => {
    const server = await startServer()
    const paths = [served.startupProbe, served.livenessProbe, served.readinessProbe].map(
      ({ httpGet }) => httpGet.path,
    )
    expect(paths).toEqual(['/healthz', '/healthz', '/readyz'])
    for (const each of paths) expect((await server.ask(each)).status).toBe(200)
    await server.close()
  })
})
