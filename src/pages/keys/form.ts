import { isDeepStrictEqual } from 'node:util'
import type { FastifyRequest } from 'fastify'
import { Problem } from '../../http/problem.js'
import { fieldNames, fieldOf, valuesOf } from '../kit/forms.js'
import type { KeyValues } from './fields.js'

/** What a form asks of a key, in the terms of the JSON routes; NaN is a number that can't be read. */
export interface KeyForm {
  readonly name: string | undefined
  readonly scopes: readonly string[]
  readonly rateLimit: { readonly limit: number; readonly windowSeconds: number } | undefined
  readonly monthlyQuota: number | undefined
  readonly allowedCidrs: readonly string[] | undefined
}

export function keyFormOf(request: FastifyRequest): KeyForm {
  const limit = numberOf(fieldOf(request, 'rateLimit'))
  const ranges = fieldOf(request, 'allowedCidrs')
    ?.split(/[\s,]+/)
    .filter((range) => range !== '')
  return {
    name: fieldOf(request, 'name'),
    scopes: valuesOf(request, 'scopes'),
    rateLimit: limit === undefined ? undefined : { limit, windowSeconds: windowOf(request) },
    monthlyQuota: numberOf(fieldOf(request, 'monthlyQuota')),
    allowedCidrs: ranges?.length ? ranges : undefined,
  }
}

/** The form as it was typed, to be shown again. */
export const typedKeyForm = (request: FastifyRequest): KeyValues => ({
  name: fieldOf(request, 'name'),
  scopes: valuesOf(request, 'scopes').join(' '),
  rateLimit: fieldOf(request, 'rateLimit'),
  window: fieldOf(request, 'window'),
  monthlyQuota: fieldOf(request, 'monthlyQuota'),
  allowedCidrs: fieldOf(request, 'allowedCidrs'),
})

/** Without what was not asked for. */
export type Chosen = { readonly [K in keyof KeyForm]?: Exclude<KeyForm[K], undefined> }

export const chosenOf = (form: KeyForm): Chosen =>
  Object.fromEntries(Object.entries(form).filter(([, value]) => value !== undefined))

/** What differs from a key, as `PATCH` takes it: null takes a limit away. */
export function changesTo(key: KeyForm, { name, scopes, ...limits }: KeyForm) {
  const isOther = (of: keyof KeyForm, value: unknown) => !isDeepStrictEqual(value, key[of] ?? null)
  const isSame = scopes.length === key.scopes.length && scopes.every((s) => key.scopes.includes(s))
  const chosen = Object.entries(limits).map(([of, value]) => [of, value ?? null] as const)
  return {
    ...(name !== key.name && { name: name ?? '' }),
    ...(!isSame && { scopes }),
    ...(Object.fromEntries(
      chosen.filter(([of, value]) => isOther(of as keyof KeyForm, value)),
    ) as Partial<Nullable<typeof limits>>),
  }
}

type Nullable<T> = { readonly [K in keyof T]: Exclude<T[K], undefined> | null }

/** Names of the fields that the rules of keys refuse. */
export function refusedFields(error: unknown): string[] {
  return fieldNames(error instanceof Problem ? (error.extras.errors ?? []) : [])
}

/** People write 1,000 and 1.000 and 1 000. */
function numberOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const digits = text.replaceAll(/[\s.,’']/g, '')
  return /^\d+$/.test(digits) ? Number(digits) : NaN
}

const windowOf = (request: FastifyRequest): number => numberOf(fieldOf(request, 'window')) ?? 60
