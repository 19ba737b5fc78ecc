import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../lib/clock.js'
import type { CookieName } from './cookies.js'
import { type Seal, seal, type SealedAt, type SealingKey, unseal } from '../lib/sealed.js'

/** The ticket keys: a replaced one outlives every cookie that it has sealed. */
export interface SealingKeys {
  current(): Promise<SealingKey>
  byId(id: string): Promise<SealingKey | undefined>
}

interface SealedCookieOptions extends Seal {
  readonly name: CookieName
  readonly keys: SealingKeys
  readonly clock: Clock
}

/** Something that one browser keeps for us for a while, and can neither read nor change. */
export class SealedCookie<T extends object> {
  readonly #options: SealedCookieOptions

  constructor(options: SealedCookieOptions) {
    this.#options = options
  }

  async write(reply: FastifyReply, content: T): Promise<void> {
    const { name, keys, clock, ...options } = this.#options
    const sealed = await seal(options, content, await keys.current(), clock)
    reply.writeCookie(name, sealed, options.seconds)
  }

  /** @returns undefined for none, and for one that is expired, damaged, or not ours. */
  async read(request: FastifyRequest): Promise<(T & SealedAt) | undefined> {
    const { name, keys, clock, ...options } = this.#options
    const sealed = request.readCookie(name)
    return sealed === undefined
      ? undefined
      : unseal<T>(options, sealed, (id) => keys.byId(id), clock)
  }

  drop(reply: FastifyReply): void {
    reply.dropCookie(this.#options.name)
  }
}
