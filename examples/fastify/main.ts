import { buildOrders } from './app.js'

const {
  ISSUER: issuer = 'http://127.0.0.1:3000',
  PORT = '4000',
  INTROSPECTION_KEY: introspectionKey,
} = process.env

const app = await buildOrders({ issuer, introspectionKey }, { logger: { level: 'warn' } })
const address = await app.listen({ host: '127.0.0.1', port: Number(PORT) })
console.log(`Orders are at ${address}/orders, for who comes with a token of ${issuer}`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void app.close())
