import type { Query } from './options.js'

/** The query of a page. What is unknown to us, or comes twice, is left out: people follow links as they are. */
export function queryOf(request: { readonly query: unknown }): Query {
  const query = request.query as Readonly<Record<string, unknown>>
  const names = ['error', 'done', 'returnTo', 'keepSignedIn'] as const
  return Object.fromEntries(
    names.map((name) => [name, query[name]]).filter(([, value]) => typeof value === 'string'),
  ) as Query
}
