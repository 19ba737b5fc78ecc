import type { StaticDocumentSpec } from '@fastify/swagger'
import type { FastifySchema, HTTPMethods } from 'fastify'

export type ApiDocument = StaticDocumentSpec['document']

/** Where an answer names an id, and which routes take it. */
export interface IdSource {
  /** JSON pointer into the body of the answer. */
  readonly pointer: string
  /** The path of what it identifies, such as `/api/apikeys/:id`. */
  readonly of: string
}

export interface DescribedRoute {
  readonly method: HTTPMethods | HTTPMethods[]
  readonly url: string
  readonly schema: FastifySchema
  readonly ids: IdSource | undefined
}

type Operations = Readonly<
  Record<string, { readonly responses: Record<string, { links?: object }> }>
>

/** Says which routes take the ids that an answer names (OpenAPI 3.1 §4.8.20). */
export function withLinks(document: ApiDocument, routes: readonly DescribedRoute[]): ApiDocument {
  const paths = document.paths as Readonly<Record<string, Operations>>
  for (const { method, url, ids } of routes) {
    const responses = paths[templateOf(url)]?.[String(method).toLowerCase()]?.responses ?? {}
    const success = Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1]
    if (ids && success) success.links = linksTo(paths, ids)
  }
  return document
}

const templateOf = (url: string): string => url.replaceAll(/:(\w+)/g, '{$1}')

function linksTo(paths: Readonly<Record<string, Operations>>, { pointer, of }: IdSource): object {
  const target = templateOf(of)
  const parameters = { id: `$response.body#${pointer}` }
  const links = Object.entries(paths)
    .filter(([path]) => path === target || path.startsWith(`${target}/`))
    .flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => [path, method] as const),
    )
    .map(([path, method]) => {
      const operationRef = `#/paths/${encodeURIComponent(path.replaceAll('/', '~1'))}/${method}`
      return [nameOf(path, method), { operationRef, parameters }] as const
    })
  return Object.fromEntries(links)
}

/** Unique, and of the letters that a key of a component may have. */
const nameOf = (path: string, method: string): string =>
  [method, ...path.split('/')]
    .filter((part) => part !== '')
    .map((part) => part.replaceAll(/\W/g, ''))
    .join('_')
