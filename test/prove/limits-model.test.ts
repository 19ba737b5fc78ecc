import t from 'tap'
import { HOUR, MINUTE } from '../support/clock.js'
import { getData, KEYS } from '../support/keys.js'
import {
  byStatus,
  monthAt,
  newAddress,
  startPair,
  walkOver,
  windowsOf,
} from '../support/limits-model.js'
import { newAccount } from '../support/service.js'

const PER_ADDRESS = 20
const FAILURES_PER_ADDRESS = 21
const PER_KEY = 60
const QUOTA = 80

const ENV = {
  RATE_LIMIT_PER_ADDRESS: String(PER_ADDRESS),
  RATE_LIMIT_FAILURES_PER_ADDRESS: String(FAILURES_PER_ADDRESS),
  API_KEY_DEFAULT_RATE_LIMIT: `${PER_KEY}/60`,
  API_KEY_DEFAULT_MONTHLY_QUOTA: String(QUOTA),
}

/** Permits come in blocks: the first of a window has a tenth of them. */
const leased = (limit: number) => ({ limit, stranded: Math.ceil(limit / 10) })
/** An address has a twentieth from memory. */
const perAddress = (limit: number) => ({ ...leased(limit), free: Math.floor(limit / 20) })

const REQUESTS = { ...perAddress(PER_ADDRESS), windowAt: windowsOf(MINUTE) }
const FAILURES = { ...perAddress(FAILURES_PER_ADDRESS), windowAt: windowsOf(HOUR) }
const RATE = { ...leased(PER_KEY), windowAt: windowsOf(MINUTE) }
const MONTH = { ...leased(QUOTA), windowAt: monthAt, code: 'QUOTA_EXCEEDED' }

t.test('leased permits hold in each window on two instances whose clocks differ', async (t) => {
  const instances = await startPair(t, ENV)
  const [first] = instances
  const { accessToken: token } = await first.signIn(await first.signUp())
  const asOwner = async (method: string, path: string, expected: number, body?: object) => {
    const answer = await first.call(method, KEYS + path, {
      ...{ token, body },
      remoteAddress: newAddress(),
    })
    if (answer.status !== expected) throw new Error(`${method} answered ${answer.text}`)
    return answer.body
  }
  let previous: string | undefined
  /** One that asks for no limits gets those of the settings. It lasts until the next: an owner may have a few. */
  const keyWith = async (changes?: object) => {
    if (previous !== undefined) await asOwner('DELETE', `/${previous}`, 204)
    const { key, apiKey } = await asOwner('POST', '/generate', 201, { name: 'partner' })
    previous = key.id
    if (changes) await asOwner('PATCH', `/${key.id}`, 200, changes)
    return byStatus(200, (on) => getData(on, apiKey, { remoteAddress: newAddress() }))
  }

  await walkOver(t, instances, {
    'requests of an address'() {
      const remoteAddress = newAddress()
      const ask = byStatus(401, (on) => on.post('/api/auth/logout', {}, { remoteAddress }))
      return { bounds: [REQUESTS], ask }
    },
    'failed sign-ins of an address'() {
      const remoteAddress = newAddress()
      const ask = byStatus(401, (on) => {
        const { email, password } = newAccount()
        return on.post('/api/auth/login', { email, password }, { remoteAddress })
      })
      return { bounds: [REQUESTS, FAILURES], ask }
    },
    'the rate limit of an API key': async () => ({
      bounds: [RATE],
      ask: await keyWith({ monthlyQuota: null }),
    }),
    'the monthly quota of an API key': async () => ({
      bounds: [MONTH],
      ask: await keyWith({ rateLimit: null }),
    }),
    'an API key that has both': async () => ({
      bounds: [RATE, MONTH],
      ask: await keyWith(),
    }),
  })
})
