import t, { type Test } from 'tap'
import { signInToApp } from '../support/app-tokens.js'
import { HOUR, MINUTE, testClock } from '../support/clock.js'
import { signInWithFactor, withTotp } from '../support/factors.js'
import { lastMail, MAIL } from '../support/mail.js'
import { askToSignIn, byLink, CONFIRM, newMember } from '../support/mail-sign-in.js'
import { assertionOf, PASSKEY_SIGN_IN, withPasskey } from '../support/passkeys.js'
import { type Answer, newAccount, type Service, startService } from '../support/service.js'

const PROTECTED = '/api/protected'
const REFRESH = '/api/auth/refresh'
const FORGOT = '/api/auth/password/forgot'
const RESET = '/api/auth/password/reset'

/** Uses something that is good once, at any instance. */
type Use = (service: Service) => Promise<Answer>

/** What a person holds that is good once. */
const HELD: Readonly<Record<string, (service: Service) => Promise<Use>>> = {
  async 'the link of a reset'(service) {
    const { email } = await newMember(service)
    service.clock.advance(MINUTE)
    await service.post(FORGOT, { email })
    const { secret: ticket } = await lastMail(service, email)
    return (at) => at.post(RESET, { ticket, newPassword: newAccount().password })
  },
  async 'the link of a sign-in by mail'(service) {
    const mail = await askToSignIn(service, (await newMember(service)).email)
    return (at) => at.post(CONFIRM, byLink(mail))
  },
  async 'a one-time password'(service) {
    const { account, app } = await withTotp(service)
    const totp = app.code()
    return (at) => signInWithFactor(at, account, { totp })
  },
  async 'a recovery code'(service) {
    const { account, recoveryCodes } = await withTotp(service)
    const [recoveryCode = ''] = recoveryCodes
    return (at) => signInWithFactor(at, account, { recoveryCode })
  },
  async 'the assertion of a passkey'(service) {
    const { passkey } = await withPasskey(service)
    const assertion = await assertionOf(service, passkey)
    return (at) => at.post(PASSKEY_SIGN_IN, { assertion })
  },
  async 'the code of an app'(service) {
    const app = await signInToApp(service)
    const held = await app.newCode()
    return (at) =>
      at.call('POST', '/oauth/token', {
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          client_id: app.client.clientId,
          code: held.code,
          code_verifier: held.verifier,
          redirect_uri: held.record.redirectUri,
        }).toString(),
      })
  },
  async 'a refresh token whose session was ended'(service) {
    const { accessToken: token, refreshToken } = await service.signIn(await service.signUp())
    return async (at) => {
      const answer = await at.post(REFRESH, { refreshToken })
      await service.post('/api/auth/logout', undefined, { token })
      return answer
    }
  },
}

t.test(
  'what was used up at one instance is refused by one that starts later, and when a clock goes back',
  async (t) => {
    const service = await startService(t, { env: MAIL })
    for (const [what, hold] of Object.entries(HELD)) {
      const use = await hold(service)
      const first = await use(service)
      t.ok(first.status < 300, `${what}: ${first.status}`)
      const later = await startService(t, { beside: service, env: MAIL })
      await isRefused(t, use(later), `${what}, after a restart`)
      service.clock.advance(-MINUTE)
      await isRefused(t, use(later), `${what}, a minute back`)
      service.clock.advance(2 * MINUTE)
    }
  },
)

async function isRefused(t: Test, answer: Promise<Answer>, what: string): Promise<void> {
  const { status } = await answer
  t.ok(status === 400 || status === 401, `${what}: ${status}`)
}

t.test(
  'an access token is refused by an instance whose clock is an hour off, either way',
  async (t) => {
    const service = await startService(t)
    const { accessToken: token } = await service.signIn(await service.signUp())
    for (const [offset, code] of [
      [-HOUR, 'TOKEN_INVALID'],
      [HOUR, 'TOKEN_EXPIRED'],
    ] as const) {
      const clock = testClock(service.clock() + offset)
      const other = await startService(t, { beside: service, clock })
      const answer = await other.get(PROTECTED, { token })
      t.match(answer, { status: 401, body: { code } }, `${offset} ms`)
    }
    t.equal((await service.get(PROTECTED, { token })).status, 200)
  },
)
