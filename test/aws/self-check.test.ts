import t from 'tap'
import { checkSelf } from '../../src/aws/self-check.js'

const JWKS = '/.well-known/jwks.json'
const works = async (path: string) => ({
  statusCode: 200,
  body: path === JWKS ? '{"keys":[{"kid":"a"}]}' : '{"status":"ok"}',
})

t.test(
  'a new Lambda version waits a while for AWS rights that are not known everywhere yet',
  async (t) => {
    let denials = 3
    const start = async () => {
      denials -= 1
      if (denials >= 0) throw new Error('AccessDeniedException')
      return works
    }
    await checkSelf(start, { tries: 4, pauseMs: 0 })
    denials = 4
    await t.rejects(
      checkSelf(start, { tries: 4, pauseMs: 0 }),
      /^This version can.t work and gets no calls: AccessDeniedException$/,
    )
  },
)

t.test('a new Lambda version without its store, keys or pages gets no calls', async (t) => {
  const once = { tries: 1, pauseMs: 0 }
  const away = async () => ({ statusCode: 503, body: '{"code":"SERVICE_UNAVAILABLE"}' })
  await t.rejects(
    checkSelf(async () => away, once),
    /GET \/healthz answers 503 .*SERVICE_UNAVAILABLE/,
  )
  const keyless = async () => ({ statusCode: 200, body: '{"keys":[]}' })
  await t.rejects(
    checkSelf(async () => keyless, once),
    /no signing key/,
  )
  const pageless = async (path: string) => (path === '/login' ? away() : works(path))
  await t.rejects(
    checkSelf(async () => pageless, once),
    /GET \/login answers 503/,
  )
})
