import { BlockList, isIP } from 'node:net'
import type { RateLimit } from './verification/record.js'
import type { FieldError } from '../http/problem.js'
import type { ApiKey, ApiKeyChanges, KeyBounds } from './api-key.js'

/** Chosen limits: null, or nothing in a new key, is no limit. */
export type ChosenLimits = { readonly [K in keyof KeyBounds]?: KeyBounds[K] | null | undefined }

/** What is chosen beyond some bounds, field by field; `chosen` has null for a limit that is taken away. */
export function beyond(chosen: ChosenLimits, bounds: KeyBounds): FieldError[] {
  const { expiresAt, rateLimit, monthlyQuota, allowedCidrs } = chosen
  const errors: FieldError[] = []
  const refuse = (name: keyof KeyBounds, most: string) =>
    errors.push({ field: `/${name}`, message: `must be ${most}` })
  if (expiresAt !== undefined && isMore(expiresAt, bounds.expiresAt)) {
    refuse('expiresAt', `at most ${new Date(bounds.expiresAt as number).toISOString()}`)
  }
  if (rateLimit !== undefined && !isRateWithin(rateLimit, bounds.rateLimit)) {
    const { limit, windowSeconds } = bounds.rateLimit as RateLimit
    refuse('rateLimit', `at most ${limit} calls in ${windowSeconds} seconds`)
  }
  if (monthlyQuota !== undefined && isMore(monthlyQuota, bounds.monthlyQuota)) {
    refuse('monthlyQuota', `at most ${bounds.monthlyQuota}`)
  }
  if (allowedCidrs !== undefined && !areRangesWithin(allowedCidrs, bounds.allowedCidrs)) {
    refuse('allowedCidrs', `within ${bounds.allowedCidrs?.join(', ')}`)
  }
  return errors
}

/** Whether the holder of a key could do more after a change than before. */
export function widens(key: ApiKey, { scopes = [], status, ...limits }: ApiKeyChanges): boolean {
  return (
    scopes.some((scope) => !key.scopes.includes(scope)) ||
    (status === 'active' && key.status !== 'active') ||
    beyond(limits, key).length > 0
  )
}

const isMore = (chosen: number | null, bound = Infinity): boolean => (chosen ?? Infinity) > bound

/** Whether the windows that make up one of the bound let no more calls through than the bound does. */
export function isRateWithin(chosen: RateLimit | null, bound: RateLimit | undefined): boolean {
  if (!bound) return true
  if (!chosen) return false
  const windows = Math.ceil(bound.windowSeconds / chosen.windowSeconds)
  return chosen.limit * windows <= bound.limit
}

/** Whether each of the ranges is inside one of the bound's. */
function areRangesWithin(
  chosen: readonly string[] | null,
  bound: readonly string[] | undefined,
): boolean {
  if (!bound?.length) return true
  return chosen?.every((inner) => bound.some((outer) => contains(outer, inner))) === true
}

/** The addresses that are in both of two lists of ranges, where a missing or empty one has all. */
export function commonRanges(
  one: readonly string[] | undefined,
  other: readonly string[] | undefined,
): readonly string[] | undefined {
  if (!one?.length) return other?.length ? other : undefined
  if (!other?.length) return one
  // Of two ranges, one is inside the other or they have nothing in common.
  const inside = (inner: readonly string[], outer: readonly string[]) =>
    inner.filter((range) => areRangesWithin([range], outer))
  return [...new Set([...inside(one, other), ...inside(other, one)])]
}

function contains(outer: string, inner: string): boolean {
  const [range, candidate] = [parseRange(outer), parseRange(inner)]
  if (range.family !== candidate.family || range.bits > candidate.bits) return false
  const list = new BlockList()
  list.addSubnet(range.address, range.bits, range.family)
  return list.check(candidate.address, candidate.family)
}

/** A range that was found well formed. */
function parseRange(cidr: string) {
  const [address = '', bits] = cidr.split('/')
  const family = isIP(address) === 6 ? ('ipv6' as const) : ('ipv4' as const)
  return { address, family, bits: Number(bits ?? (family === 'ipv6' ? 128 : 32)) }
}
