import { buildOrders } from './app.js'

const {
  ISSUER: issuer = 'http://localhost:3000',
  PORT = '4000',
  RESOURCE: resource = 'http://localhost:4000',
  INTROSPECTION_KEY: introspectionKey,
} = process.env

const app = await buildOrders({ issuer, resource, introspectionKey }, { logger: { level: 'warn' } })
const address = await app.listen({ host: '127.0.0.1', port: Number(PORT) })
console.log(`Orders are at ${address}/orders, for people with a token of ${issuer} for ${resource}`)
console.log(
  introspectionKey === undefined
    ? 'Without INTROSPECTION_KEY there is no route for partners'
    : `Partners come to ${address}/partners/orders with an API key`,
)

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void app.close())
