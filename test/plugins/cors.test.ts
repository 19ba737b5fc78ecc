import t from 'tap'
import { startService } from '../support/service.js'

const preflight = (origin: string) => ({
  headers: { origin, 'access-control-request-method': 'POST' },
})
const LOGIN = '/api/auth/login'

t.test('CORS is off by default', async (t) => {
  const service = await startService(t)
  const answer = await service.call('OPTIONS', LOGIN, preflight('https://app.example.com'))
  t.equal(answer.headers['access-control-allow-origin'], undefined)
  const { headers } = await service.get('/healthz', {
    headers: { origin: 'https://app.example.com' },
  })
  t.equal(headers['access-control-allow-origin'], undefined)
})

t.test('listed origins may call with credentials, and no other (ASVS V3.4.2)', async (t) => {
  const env = { CORS_ORIGINS: 'https://app.example.com, http://localhost:5173' }
  const service = await startService(t, { env })
  for (const origin of ['https://app.example.com', 'http://localhost:5173']) {
    const { status, headers } = await service.call('OPTIONS', LOGIN, preflight(origin))
    t.equal(status, 204)
    t.match(headers, {
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      vary: /Origin/,
    })
  }
  const strangers = [
    'null',
    'https://evil.example',
    'https://app.example.com.evil.example',
    'https://evil-app.example.com',
    'http://app.example.com',
    'https://app.example.com:8443',
    'HTTPS://APP.EXAMPLE.COM',
  ]
  for (const origin of strangers) {
    const { headers } = await service.call('OPTIONS', LOGIN, preflight(origin))
    t.equal(headers['access-control-allow-origin'], undefined, origin)
  }
})
