import type { FastifyRequest } from 'fastify'
import type { Static, TSchema } from 'typebox'
import type { FieldError } from '../../http/problem.js'
import { faultsOf } from '../../http/validation-faults.js'
import type { Query } from './options.js'

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
export function fieldsOf<Name extends string>(
  request: FastifyRequest,
  names: readonly Name[],
): Partial<Record<Name, string>> {
  const fields = names.map((name) => [name, fieldOf(request, name)] as const)
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined)) as Partial<
    Record<Name, string>
  >
}

/** What stands before the ticket in the link of a mail. */
const TICKET = '#ticket='

/** The ticket of a mail: without scripts a person pastes its link, or what follows in it. */
export function pastedTicket(request: FastifyRequest): string | undefined {
  const pasted = fieldOf(request, 'link')?.trim().split(TICKET).at(-1)
  return fieldOf(request, 'ticket') ?? (pasted === '' ? undefined : pasted)
}

/** What a schema takes, or the names of the fields that it refuses. */
type Checked<T> = { readonly value: T; readonly wrong?: never } | { readonly wrong: string[] }

/** Checks a form as the JSON routes check their bodies: by the same schemas, and with the same validator. */
export function checkForm<S extends TSchema>(
  request: FastifyRequest,
  schema: S,
  data: object,
): Checked<Static<S>> {
  const validate = request.compileValidationSchema(schema)
  if (validate(data)) return { value: data as Static<S> }
  return { wrong: fieldNames(faultsOf(validate.errors ?? [])) }
}

/** The fields of a form that errors are about: the first parts of their JSON pointers. */
export const fieldNames = (errors: readonly FieldError[]): string[] =>
  errors.map(({ field }) => field.split('/')[1] ?? '')

/** The query of a page. What is unknown to us, or comes twice, is left out: people follow links as they are. */
export function queryOf(request: FastifyRequest): Query {
  const query = request.query as Readonly<Record<string, unknown>>
  const names = ['error', 'done', 'returnTo'] as const
  return Object.fromEntries(
    names.map((name) => [name, query[name]]).filter(([, value]) => typeof value === 'string'),
  ) as Query
}
