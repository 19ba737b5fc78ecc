import type { FastifyRequest } from 'fastify'
import type { FormSchema, Query } from './options.js'

/** What a form has sent: a name that came twice is a list. */
type Form = Readonly<Record<string, string | readonly string[] | undefined>>

const formOf = (request: FastifyRequest): Form => (request.body ?? {}) as Form

/** The one value of a field; undefined where there is none, nothing in it, or more than one. */
export function fieldOf(request: FastifyRequest, name: string): string | undefined {
  const value = formOf(request)[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function valuesOf(request: FastifyRequest, name: string): string[] {
  const value = formOf(request)[name]
  if (value === undefined) return []
  return typeof value === 'string' ? [value] : [...value]
}

/** Fields as an object for a schema: what was left empty is left out. */
export function fieldsOf(request: FastifyRequest, names: readonly string[]): object {
  const fields = names.map((name) => [name, fieldOf(request, name)] as const)
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined))
}

/** Names of the fields that a schema refuses. */
export function wrongFields(
  request: FastifyRequest,
  { properties, required = [] }: FormSchema,
  data: object,
): string[] {
  const isWrong = ([name, property]: [string, object]) => {
    const value = (data as Record<string, unknown>)[name]
    if (value === undefined) return required.includes(name)
    return !request.compileValidationSchema(property)(value)
  }
  return Object.entries(properties)
    .filter(isWrong)
    .map(([name]) => name)
}

/** The query of a page. What is unknown to us, or comes twice, is left out: people follow links as they are. */
export function queryOf(request: FastifyRequest): Query {
  const query = request.query as Readonly<Record<string, unknown>>
  const names = ['error', 'done', 'returnTo'] as const
  return Object.fromEntries(
    names.map((name) => [name, query[name]]).filter(([, value]) => typeof value === 'string'),
  ) as Query
}
