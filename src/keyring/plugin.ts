import fp from 'fastify-plugin'
import { KeyRingHolder, type KeyRingDependencies } from './key-ring.js'

/** The key ring. It is read (or made) while the rest of the app is built; who builds the app awaits `loaded()`. */
export default fp<KeyRingDependencies>(
  async function keyRing(app, dependencies) {
    const ring = new KeyRingHolder(dependencies)
    ring.loaded().catch(() => undefined)
    app.decorate('keyRing', ring)
  },
  { name: 'keyring', fastify: '5.x' },
)

declare module 'fastify' {
  interface FastifyInstance {
    keyRing: KeyRingHolder
  }
}
