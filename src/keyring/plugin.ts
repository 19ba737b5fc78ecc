import fp from 'fastify-plugin'
import { KeyRingHolder, type KeyRingDependencies } from './key-ring.js'

/** The key ring, loaded (or made) before the first request, while the rest of the app is built. */
export default fp<KeyRingDependencies>(
  async function keyRing(app, dependencies) {
    const ring = new KeyRingHolder(dependencies)
    const loading = ring.load()
    loading.catch(() => undefined)
    app.addHook('onReady', () => loading)
    app.decorate('keyRing', ring)
  },
  { name: 'keyring', fastify: '5.x' },
)

declare module 'fastify' {
  interface FastifyInstance {
    keyRing: KeyRingHolder
  }
}
