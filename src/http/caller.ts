import { normalizeIP } from '@fastify/rate-limit'
import type { FastifyRequest } from 'fastify'
import type { EventLog } from '../events/report.js'
import { acceptedLanguage, type Language } from './accept-language.js'
import type { CookieName } from './cookies.js'

/** Who calls a use case, as far as it needs to know: where from, with which cookies, and whose log tells of it. */
export interface Caller {
  readonly ip: string
  /** The IP address as limits count it. */
  readonly address: string
  /** Missing where the header is empty too. */
  readonly userAgent?: string
  /** What they read, for mails. */
  readonly language: Language
  readonly requestId: string
  /** The pattern of the URL that was called. */
  readonly route: string | undefined
  readonly log: EventLog
  /** @throws {Problem} DUPLICATE_COOKIE. */
  cookie(name: CookieName): string | undefined
}

export function callerOf(request: FastifyRequest): Caller {
  const { ip, id: requestId, log } = request
  const userAgent = request.headers['user-agent']
  return {
    ip,
    address: addressOf(request),
    ...(userAgent && { userAgent }),
    language: acceptedLanguage(request.headers['accept-language']),
    requestId,
    route: request.routeOptions.url,
    log,
    cookie: (name) => request.readCookie(name),
  }
}

/**
 * One key for each IPv4 address and each IPv6 /64, however the address is spelled. A limit counts one subscriber, who
 * has at least a /64; `networkOf` is wider.
 */
export const addressOf = ({ ip }: Pick<FastifyRequest, 'ip'>): string => normalizeIP(ip)
