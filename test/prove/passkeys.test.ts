import type { Page } from 'playwright-core'
import t from 'tap'
import { launchChromium } from '../support/chromium.js'
import { testClock } from '../support/clock.js'
import { PASSKEY_SIGN_IN, PASSKEYS } from '../support/passkeys.js'
import { type Service, startService } from '../support/service.js'
import { type Listening, startListening } from '../support/socket.js'
import { addVirtualAuthenticator } from '../support/virtual-authenticator.js'

/** A browser's own classes, which read and write the JSON of WebAuthn Level 3 by themselves. */
declare const PublicKeyCredential: {
  parseCreationOptionsFromJSON(options: unknown): object
  parseRequestOptionsFromJSON(options: unknown): object
}
declare const navigator: {
  readonly credentials: {
    create(options: object): Promise<{ toJSON(): object }>
    get(options: object): Promise<{ toJSON(): object }>
  }
}

/** An answer to a page, or the name of the error that its browser threw. */
interface Outcome {
  readonly status?: number
  readonly body?: any
  readonly error?: string
}

/** Makes a passkey, or uses one, from a page by the service's JSON alone. */
function ceremony(
  page: Page,
  kind: 'create' | 'get',
  path: string,
  token?: string,
  change: object = {},
): Promise<Outcome> {
  return page.evaluate(
    async ({ kind, path, token, change }) => {
      const post = async (to: string, body: object) => {
        const answer = await fetch(to, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            ...(token !== undefined && { authorization: `Bearer ${token}` }),
          },
          body: JSON.stringify(body),
        })
        return { status: answer.status, body: await answer.json() }
      }
      const options = await post(`${path}/options`, {})
      if (options.status !== 200) return options
      const json = { ...options.body, ...change }
      try {
        if (kind === 'create') {
          const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(json)
          const made = await navigator.credentials.create({ publicKey })
          return await post(path, { attestation: made.toJSON() })
        }
        const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(json)
        const used = await navigator.credentials.get({ publicKey })
        return await post(path, { assertion: used.toJSON() })
      } catch (error) {
        return { error: (error as Error).name }
      }
    },
    { kind, path, token, change },
  )
}

const browser = await launchChromium()
t.teardown(() => browser.close())

const site: Listening = await startListening((url) =>
  startService(t, {
    clock: testClock(Date.now()),
    env: { ISSUER: url.replace('127.0.0.1', 'localhost') },
  }),
)
const { service } = site

async function open(): Promise<Page> {
  const context = await browser.newContext({ baseURL: service.config.issuer })
  t.teardown(() => context.close())
  const page = await context.newPage()
  await page.goto('/login')
  return page
}

async function signedUp(on: Service) {
  const account = await on.signUp()
  return { account, token: (await on.signIn(account)).accessToken }
}

for (const isSynced of [false, true]) {
  t.test(
    `a browser makes a passkey that is ${isSynced ? 'synced' : 'bound'}, and signs in`,
    async (t) => {
      const page = await open()
      const device = await addVirtualAuthenticator(page, { isSynced })
      const { account, token } = await signedUp(service)
      const made = await ceremony(page, 'create', PASSKEYS, token)
      t.match(made, {
        status: 201,
        body: { passkey: { isSynced, credentialId: (await device.credentialIds())[0] } },
      })
      const signedIn = await ceremony(page, 'get', PASSKEY_SIGN_IN)
      t.match(signedIn, { status: 200, body: { user: { id: account.id } } })
      t.match(
        await ceremony(page, 'create', PASSKEYS, signedIn.body.accessToken),
        {
          error: 'InvalidStateError',
        },
        'the device has one already',
      )
      t.equal((await ceremony(page, 'get', PASSKEY_SIGN_IN)).status, 200, 'its counter rises')
    },
  )
}

t.test('a second device signs in where the first is lost', async (t) => {
  const page = await open()
  const first = await addVirtualAuthenticator(page)
  const { account, token } = await signedUp(service)
  const made = await ceremony(page, 'create', PASSKEYS, token)
  const { body } = await ceremony(page, 'get', PASSKEY_SIGN_IN)
  await first.remove()
  await addVirtualAuthenticator(page, { isSynced: true })
  t.equal((await ceremony(page, 'create', PASSKEYS, body.accessToken)).status, 201)
  const again = await ceremony(page, 'get', PASSKEY_SIGN_IN)
  t.match(again, { status: 200, body: { user: { id: account.id } } })
  const lost = `${PASSKEYS}/${made.body.passkey.id}`
  t.equal((await service.delete(lost, { token: again.body.accessToken })).status, 204)
  t.equal((await ceremony(page, 'get', PASSKEY_SIGN_IN)).status, 200)
})

t.test('a removed passkey signs in no more', async (t) => {
  const page = await open()
  await addVirtualAuthenticator(page)
  const { token } = await signedUp(service)
  const made = await ceremony(page, 'create', PASSKEYS, token)
  const { body } = await ceremony(page, 'get', PASSKEY_SIGN_IN)
  await service.delete(`${PASSKEYS}/${made.body.passkey.id}`, { token: body.accessToken })
  const refused = await ceremony(page, 'get', PASSKEY_SIGN_IN)
  t.match(refused, { status: 401, body: { code: 'FACTOR_INVALID' } })
})

t.test('a person who can not show who they are makes and uses none', async (t) => {
  const page = await open()
  const device = await addVirtualAuthenticator(page)
  const { token } = await signedUp(service)
  t.equal((await ceremony(page, 'create', PASSKEYS, token)).status, 201)
  await device.setUserVerified(false)
  t.same(await ceremony(page, 'get', PASSKEY_SIGN_IN), { error: 'NotAllowedError' })
  const weak = { userVerification: 'discouraged' }
  const refused = await ceremony(page, 'get', PASSKEY_SIGN_IN, undefined, weak)
  t.match(
    refused,
    { status: 401, body: { code: 'FACTOR_INVALID' } },
    'even if a page asks for less',
  )
})

t.test('a security key of before passkeys makes none', async (t) => {
  const page = await open()
  await addVirtualAuthenticator(page, { protocol: 'u2f' })
  const { token } = await signedUp(service)
  t.same(await ceremony(page, 'create', PASSKEYS, token), { error: 'NotAllowedError' })
  const weak = {
    authenticatorSelection: { residentKey: 'discouraged', userVerification: 'discouraged' },
  }
  const refused = await ceremony(page, 'create', PASSKEYS, token, weak)
  t.match(
    refused,
    { status: 401, body: { code: 'FACTOR_INVALID' } },
    'even if a page asks for less',
  )
})
