import { isDeepStrictEqual } from 'node:util'
import type { FastifyRequest } from 'fastify'
import { Problem } from '../../http/problem.js'
import type { AppClient } from '../../oauth/clients/client.js'
import { fieldNames, fieldOf, valuesOf } from '../kit/forms.js'
import { fieldErrors } from '../kit/refusals.js'
import type { FieldErrors, Values, View } from '../kit/view.js'

/** What a form asks of an app, in the terms of the JSON routes. */
export interface ClientForm {
  readonly name: string
  readonly redirectUris: readonly string[]
  readonly postLogoutRedirectUris: readonly string[]
  readonly firstParty: boolean
  /** APIs that it may ask for; null for every one. */
  readonly resources: readonly string[] | null
}

export function clientFormOf(request: FastifyRequest): ClientForm {
  const resources = valuesOf(request, 'resources')
  return {
    name: fieldOf(request, 'name') ?? '',
    redirectUris: linesOf(request, 'redirectUris'),
    postLogoutRedirectUris: linesOf(request, 'postLogoutRedirectUris'),
    firstParty: isTicked(request, 'firstParty'),
    resources: resources.length === 0 ? null : resources,
  }
}

export const isTicked = (request: FastifyRequest, name: string): boolean =>
  fieldOf(request, name) !== undefined

/** The form as it was typed, or would be for an app, to be shown: lists have a value on each line. */
export const valuesOfForm = (form: ClientForm): Values => ({
  name: form.name,
  redirectUris: form.redirectUris.join('\n'),
  postLogoutRedirectUris: form.postLogoutRedirectUris.join('\n'),
  ...(form.firstParty && { firstParty: 'on' }),
  resources: form.resources?.join('\n'),
})

export const formOfClient = (client: AppClient): ClientForm => ({
  name: client.name,
  redirectUris: client.redirectUris,
  postLogoutRedirectUris: client.postLogoutRedirectUris,
  firstParty: client.isFirstParty,
  resources: client.resources ?? null,
})

/** What differs from an app, as `PATCH` takes it. */
export function changesTo(client: AppClient, form: ClientForm): Partial<ClientForm> {
  const before = formOfClient(client)
  return Object.fromEntries(
    Object.entries(form).filter(
      ([name, value]) => !isDeepStrictEqual(value, before[name as keyof ClientForm]),
    ),
  )
}

/** What to say beside the fields that the rules of apps refuse; undefined for another failure. */
export function refusalsOf(view: View, form: ClientForm, error: unknown): FieldErrors | undefined {
  const faults = error instanceof Problem ? (error.extras.errors ?? []) : []
  if (faults.length === 0) return undefined
  const uris = faults.flatMap(({ field }) => {
    const [, name = '', index = ''] = field.split('/')
    if (name !== 'redirectUris' && name !== 'postLogoutRedirectUris') return []
    const uri = form[name][Number(index)] ?? ''
    return [[name, view.language.text('clients.uri.refused', { uri })] as const]
  })
  return {
    ...fieldErrors(view, fieldNames(faults)),
    ...(Object.fromEntries(uris) as FieldErrors),
  }
}

/** The lines of a field that have something on them, each once. */
function linesOf(request: FastifyRequest, name: string): string[] {
  const lines = (fieldOf(request, name) ?? '').split(/[\r\n]+/).map((line) => line.trim())
  return [...new Set(lines.filter((line) => line !== ''))]
}
