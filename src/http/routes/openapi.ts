// GET /openapi.json: what this server answers, for programs.
import type { Document } from '../../openapi/document.ts'
import { type OpenEndpoint, ok } from '../endpoint/endpoint.ts'

export const openapiRoute = (document: () => Document): OpenEndpoint => {
  let text: string | undefined
  return {
    path: '/openapi.json',
    method: 'GET',
    access: 'open',
    answer: async () => {
      text ??= JSON.stringify(document())
      return ok(text)
    },
  }
}
