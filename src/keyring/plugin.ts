import fp from 'fastify-plugin'
import type { Clock } from '../lib/clock.js'
import type { Random } from '../lib/random.js'
import { KeyRingHolder } from './key-ring.js'
import type { TokenLifetimes } from './ring.js'
import { SecretKeyRing } from './secret-key-ring.js'
import { TICKET_MS } from './secret-keys.js'
import type { KeyStores } from './store.js'

export interface KeyRingOptions {
  readonly stores: KeyStores
  readonly lifetimes: TokenLifetimes
  readonly clock: Clock
  readonly random: Random
}

/**
 * The keys of the service. The ring is read (or made) while the rest of the app is built, and `loaded()` is
 * awaited before the first request; ticket and data keys are read when they are first needed.
 */
export default fp<KeyRingOptions>(
  async function keyRing(app, { stores, lifetimes, clock, random }) {
    const ring = new KeyRingHolder({ store: stores.keyRing, lifetimes, clock, random })
    ring.loaded().catch(() => undefined)
    app.decorate('keyRing', ring)
    const { ticketKeys, dataKeys } = stores
    const times = { clock, random }
    app.decorate(
      'ticketKeys',
      new SecretKeyRing({ ...times, store: ticketKeys, lifetimeMs: TICKET_MS }),
    )
    app.decorate('dataKeys', new SecretKeyRing({ ...times, store: dataKeys, lifetimeMs: Infinity }))
  },
  { name: 'keyring', fastify: '5.x' },
)

declare module 'fastify' {
  interface FastifyInstance {
    keyRing: KeyRingHolder
    /** They derive the secrets of mails, which live at most seven days, and seal flows of social sign-in. */
    ticketKeys: SecretKeyRing
    /** They seal and digest what is kept; no rotation or replacement removes one. */
    dataKeys: SecretKeyRing
  }
}
