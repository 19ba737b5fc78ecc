import fp from 'fastify-plugin'
import { KeyRingHolder, type KeyRingDependencies } from './key-ring.js'

/** The key ring, loaded (or made) before the first request. */
export default fp<KeyRingDependencies>(
  async function keyRing(app, dependencies) {
    const ring = new KeyRingHolder(dependencies)
    await ring.load()
    app.decorate('keyRing', ring)
  },
  { name: 'keyring', fastify: '5.x' },
)

declare module 'fastify' {
  interface FastifyInstance {
    keyRing: KeyRingHolder
  }
}
