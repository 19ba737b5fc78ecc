import type { FastifyRequest } from 'fastify'
import type { Static, TSchema } from 'typebox'
import type { FieldError } from '../../http/problem.js'
import { faultsOf } from '../../http/validation-faults.js'
import { queryOf } from './query.js'

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

/** @returns whether the person wants to stay signed in; undefined for a form and a link that do not say it. */
export function keepChoiceOf(request: FastifyRequest): boolean | undefined {
  const choices = valuesOf(request, 'keepSignedIn')
  if (choices.length > 0) return choices.includes('yes')
  return queryOf(request).keepSignedIn === 'no' ? false : undefined
}

/** Fields as an object for a schema: what was left empty, or came twice, is left out. */
export const fieldsOf = <Name extends string>(request: FastifyRequest, names: readonly Name[]) =>
  textsOf(formOf(request), names)

/** The same of what has not come by a form. */
export function textsOf<Name extends string>(given: unknown, names: readonly Name[]) {
  const texts = names.map((name) => [name, (given as Form)[name]] as const)
  return Object.fromEntries(
    texts.filter(([, text]) => typeof text === 'string' && text !== ''),
  ) as Partial<Record<Name, string>>
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
