import t from 'tap'
import type { Algorithm } from '../support/authenticator.js'
import { DAY, MINUTE } from '../support/clock.js'
import { addTotp, FACTOR_SIGN_IN, loseRecoveryCodes, TOTP } from '../support/factors.js'
import { newAdmin } from '../support/keys.js'
import {
  addPasskey,
  assertionOf,
  CREATION,
  newPasskey,
  PASSKEY_SIGN_IN,
  PASSKEYS,
  REQUEST,
  signInWith,
  withPasskey,
} from '../support/passkeys.js'
import { type Answer, ISSUER, type Service, startService } from '../support/service.js'
import { parallel, tally } from '../support/tally.js'

const FACTOR_INVALID = { status: 401, body: { code: 'FACTOR_INVALID' } }
const CHROME = {
  'user-agent':
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36',
}

const claimsOf = ({ body }: Answer) =>
  JSON.parse(Buffer.from(String(body.accessToken).split('.')[1] ?? '', 'base64url').toString())

const tokenOf = async (
  service: Service,
  ...[passkey, ...more]: Parameters<typeof signInWith> extends [unknown, ...infer R] ? R : never
) => (await signInWith(service, passkey, ...more)).body.accessToken as string

const list = async (service: Service, token: string) =>
  (await service.get(PASSKEYS, { token })).body.passkeys

t.test('a passkey is made in a session', async (t) => {
  const service = await startService(t)

  t.test(
    'a passkey is made by the options of the service, which ask for all that it needs',
    async (t) => {
      const account = await service.signUp()
      const { accessToken: token } = await service.signIn(account)
      const { status, body } = await service.post(CREATION, undefined, { token })
      t.equal(status, 200)
      t.match(body, {
        rp: { id: 'auth.example.com', name: 'Latchkey' },
        user: { name: account.email, displayName: account.email },
        pubKeyCredParams: [-8, -7, -257].map((alg) => ({ type: 'public-key', alg })),
        excludeCredentials: [],
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        attestation: 'none',
      })
      t.equal(Buffer.from(body.challenge, 'base64url').length, 32)
      t.equal(Buffer.from(body.user.id, 'base64url').length, 64)
      t.notMatch(JSON.stringify(body), account.id)
    },
  )

  t.test(
    'a passkey is listed; the first brings recovery codes, and names the user from then on',
    async (t) => {
      const account = await service.signUp()
      const { accessToken: token } = await service.signIn(account)
      const phone = newPasskey(service, { isSynced: true })
      const first = await addPasskey(service, token, phone, { name: 'Ada’s phone' })
      t.match(first, { status: 201, body: { passkey: { name: 'Ada’s phone', isSynced: true } } })
      t.equal(first.body.recoveryCodes.length, 10)
      t.match(service.events('authn_factor_added').at(-1), {
        userId: account.id,
        factor: 'passkey',
      })

      const key = newPasskey(service)
      const again = await tokenOf(service, phone)
      const { body: options } = await service.post(CREATION, undefined, { token: again })
      t.match(options.excludeCredentials, [
        {
          type: 'public-key',
          id: phone.id.toString('base64url'),
          transports: ['internal', 'hybrid'],
        },
      ])
      t.equal(options.user.id, phone.userHandle)
      const second = await addPasskey(service, again, key)
      t.match(second, { status: 201, body: { passkey: { name: 'Security key', isSynced: false } } })
      t.equal(second.body.recoveryCodes, undefined)
      t.match(await list(service, again), [
        { name: 'Ada’s phone', lastUsedAt: new Date(service.clock()).toISOString() },
        { name: 'Security key', lastUsedAt: null, transports: ['usb'] },
      ])
    },
  )

  t.test('a passkey is named by its browser where no one names it', async (t) => {
    const { accessToken: token } = await service.signIn(await service.signUp())
    const { body: options } = await service.post(CREATION, undefined, { token })
    const attestation = newPasskey(service, { isSynced: true }).create(options)
    const { body } = await service.post(PASSKEYS, { attestation }, { token, headers: CHROME })
    t.equal(body.passkey.name, 'Chrome, Linux')
  })

  t.test(
    'a passkey has any algorithm and may come with a statement that no one asked for',
    async (t) => {
      for (const algorithm of ['ES256', 'RS256', 'EdDSA'] satisfies Algorithm[]) {
        const { passkey } = await withPasskey(service, { algorithm })
        t.equal((await signInWith(service, passkey)).status, 200, algorithm)
      }
      const { accessToken: token } = await service.signIn(await service.signUp())
      const passkey = newPasskey(service)
      const statement = new Map<string, unknown>([
        ['alg', -7],
        ['sig', new Uint8Array(70)],
      ])
      t.equal(
        (await addPasskey(service, token, passkey, { format: 'packed', statement })).status,
        201,
      )
      t.equal((await signInWith(service, passkey)).status, 200)
    },
  )

  t.test(
    'a passkey needs a recent session, and its challenge in it alone, once, for ten minutes',
    async (t) => {
      const account = await service.signUp()
      const { accessToken: token } = await service.signIn(account)
      const { accessToken: other } = await service.signIn(account)
      const { accessToken: stranger } = await service.signIn(await service.signUp())
      for (const elsewhere of [other, stranger]) {
        const { body } = await service.post(CREATION, undefined, { token })
        const attestation = newPasskey(service).create(body)
        t.match(await service.post(PASSKEYS, { attestation }, { token: elsewhere }), FACTOR_INVALID)
        t.match(await service.post(PASSKEYS, { attestation }, { token }), FACTOR_INVALID, 'used up')
      }
      const { body: late } = await service.post(CREATION, undefined, { token })
      service.clock.advance(10 * MINUTE)
      const attestation = newPasskey(service).create(late)
      t.match(await service.post(PASSKEYS, { attestation }, { token }), FACTOR_INVALID)
      service.clock.advance(5 * MINUTE)
      const { accessToken: fresh } = await service.signIn(account)
      t.equal((await service.post(CREATION, undefined, { token: fresh })).status, 200)
      t.equal((await service.post(CREATION)).status, 401)
    },
  )

  t.test('a person makes at most twenty passkeys', async (t) => {
    const { accessToken } = await service.signIn(await service.signUp())
    const passkey = newPasskey(service)
    await addPasskey(service, accessToken, passkey)
    const token = await tokenOf(service, passkey)
    const challenges = await parallel(20, () => service.post(CREATION, undefined, { token }))
    for (let count = 2; count <= 20; count++) {
      t.equal((await addPasskey(service, token, newPasskey(service))).status, 201)
    }
    const refusal = { status: 409, body: { code: 'TOO_MANY_PASSKEYS' } }
    t.match(await service.post(CREATION, undefined, { token }), refusal)
    const attestation = newPasskey(service).create(challenges[0]?.body)
    t.match(await service.post(PASSKEYS, { attestation }, { token }), refusal, 'whenever it began')
    t.equal((await list(service, token)).length, 20)
  })

  t.test(
    'a passkey is made once, however many register one credential at the same time',
    async (t) => {
      const { accessToken } = await service.signIn(await service.signUp())
      const { accessToken: other } = await service.signIn(await service.signUp())
      const passkey = newPasskey(service)
      const tokens = Array.from({ length: 10 }, (_, at) => (at % 2 ? other : accessToken))
      const begun = await Promise.all(
        tokens.map(async (token) => {
          const { body } = await service.post(CREATION, undefined, { token })
          return { token, attestation: passkey.create(body) }
        }),
      )
      const answers = await Promise.all(
        begun.map(({ token, attestation }) => service.post(PASSKEYS, { attestation }, { token })),
      )
      t.equal(tally(answers.map(({ status }) => status))[201], 1)
      const mine = [...(await list(service, accessToken)), ...(await list(service, other))]
      t.equal(mine.length, 1)
      const codes = answers.filter(({ status }) => status !== 201).map(({ body }) => body.code)
      t.ok(
        codes.every((code) =>
          ['PASSKEY_TAKEN', 'FACTOR_INVALID', 'RECENT_SIGN_IN_REQUIRED'].includes(code),
        ),
        codes.join(),
      )
    },
  )

  t.test('a passkey is made with a key that can verify something', async (t) => {
    const { accessToken: token } = await service.signIn(await service.signUp())
    const other = newPasskey(service)
    const rows: Record<string, Buffer> = {
      'a point that is not on the curve': Buffer.from(
        other.coseKey().map((byte, at) => (at === 20 ? byte ^ 1 : byte)),
      ),
      'no key': Buffer.from([0xa0]),
      'an algorithm that was not asked for': Buffer.from(
        other.coseKey().map((byte, at) => (at === 4 ? 0x27 : byte)),
      ),
    }
    for (const [what, publicKey] of Object.entries(rows)) {
      const made = await addPasskey(service, token, newPasskey(service), { publicKey })
      t.match(made, FACTOR_INVALID, what)
    }
    t.same(await list(service, token), [])
  })
})

t.test('a passkey signs in', async (t) => {
  const service = await startService(t)

  t.test('a passkey signs in alone, and counts for two factors', async (t) => {
    const { account, passkey } = await withPasskey(service)
    const answer = await signInWith(service, passkey)
    t.match(answer, {
      status: 200,
      body: { tokenType: 'Bearer', expiresIn: 900, user: { id: account.id, email: account.email } },
    })
    t.match(claimsOf(answer), {
      sub: account.id,
      amr: ['hwk', 'user', 'mfa'],
      acr: 'urn:latchkey:2',
    })
    t.match(service.events('authn_login_success').at(-1), { method: 'passkey', userId: account.id })
    const synced = await withPasskey(service, { isSynced: true })
    t.match(claimsOf(await signInWith(service, synced.passkey)), { amr: ['swk', 'user', 'mfa'] })
  })

  t.test('a passkey signs in by cookies, from our own pages alone', async (t) => {
    const { passkey } = await withPasskey(service)
    const assertion = await assertionOf(service, passkey)
    const body = { assertion, useCookies: true }
    const evil = { headers: { origin: 'https://evil.example' } }
    t.equal((await service.post(PASSKEY_SIGN_IN, body, evil)).status, 403)
    const own = { headers: { origin: ISSUER } }
    const answer = await service.post(PASSKEY_SIGN_IN, body, own)
    t.equal(answer.status, 200, 'a refused page uses nothing up')
    t.ok(answer.cookies.length >= 2)
    t.equal(answer.body.accessToken, undefined)
  })

  t.test('a passkey’s sign-in has the same options for any body and anyone', async (t) => {
    const { account, passkey } = await withPasskey(service)
    const bodies = [
      undefined,
      {},
      { email: account.email },
      { email: 'unknown@example.com' },
      { allowCredentials: [passkey.id.toString('base64url')], userVerification: 'discouraged' },
    ]
    for (const sent of bodies) {
      const { status, body } = await service.post(REQUEST, sent)
      t.equal(status, 200)
      const { challenge, ...rest } = body
      t.same(rest, { rpId: 'auth.example.com', timeout: 600_000, userVerification: 'required' })
      t.equal(Buffer.from(challenge, 'base64url').length, 32)
    }
  })

  t.test('a passkey signs in once for each challenge, for ten minutes', async (t) => {
    const { passkey } = await withPasskey(service)
    const assertion = await assertionOf(service, passkey)
    const answers = await parallel(50, () => service.post(PASSKEY_SIGN_IN, { assertion }))
    t.same(tally(answers.map(({ status }) => status)), { 200: 1, 401: 49 })
    const { body } = answers.find(({ status }) => status === 200) ?? {}
    const sessions = await service.get('/api/auth/sessions', { token: body.accessToken })
    t.equal(sessions.body.sessions.length, 2, 'that of the password, and one more')
    const late = await assertionOf(service, passkey)
    service.clock.advance(10 * MINUTE)
    t.match(await service.post(PASSKEY_SIGN_IN, { assertion: late }), FACTOR_INVALID)
  })

  t.test('a passkey signs no one in whose account is disabled', async (t) => {
    const { account, passkey } = await withPasskey(service)
    await service.services.users.store.change(account.id, { status: 'disabled' }, [])
    const refused = await signInWith(service, passkey)
    t.match(refused, { status: 403, body: { code: 'ACCOUNT_DISABLED' } })
  })

  t.test('a passkey’s counter may not go back, unless devices share the passkey', async (t) => {
    const bound = await withPasskey(service, { isCounting: true })
    for (let time = 0; time < 3; time++)
      t.equal((await signInWith(service, bound.passkey)).status, 200)
    for (const counter of [0, 1, bound.passkey.counter]) {
      t.match(await signInWith(service, bound.passkey, { counter }), FACTOR_INVALID, `${counter}`)
      t.match(service.events('authn_passkey_counter').at(-1), {
        userId: bound.account.id,
        isSynced: false,
      })
    }
    t.equal((await signInWith(service, bound.passkey)).status, 200, 'the real one goes on')

    const synced = await withPasskey(service, { isSynced: true, isCounting: true })
    t.equal((await signInWith(service, synced.passkey, { counter: 50 })).status, 200)
    t.equal((await signInWith(service, synced.passkey, { counter: 2 })).status, 200)
    t.match(service.events('authn_passkey_counter').at(-1), {
      userId: synced.account.id,
      isSynced: true,
    })

    const before = service.events('authn_passkey_counter').length
    const plain = await withPasskey(service)
    for (let time = 0; time < 3; time++)
      t.equal((await signInWith(service, plain.passkey)).status, 200)
    t.equal(service.events('authn_passkey_counter').length, before, '0 stands for no counter')
  })
})

t.test('a person’s passkeys', async (t) => {
  const service = await startService(t)

  t.test('passkeys are renamed and removed by their owner, and by no one else', async (t) => {
    const { account, passkey, id } = await withPasskey(service)
    const token = await tokenOf(service, passkey)
    const other = newPasskey(service)
    await addPasskey(service, token, other)
    const stranger = await withPasskey(service)
    const foreign = await tokenOf(service, stranger.passkey)
    const one = `${PASSKEYS}/${id}`
    const missing = { status: 404, body: { code: 'FACTOR_NOT_FOUND' } }
    t.match(await service.call('PATCH', one, { token: foreign, body: { name: 'Mine' } }), missing)
    t.match(await service.delete(one, { token: foreign }), missing)

    const renamed = await service.call('PATCH', one, { token, body: { name: 'Old phone' } })
    t.match(renamed, { status: 200, body: { passkey: { id, name: 'Old phone' } } })
    for (const name of ['', '\u202eevil', 'x'.repeat(61)]) {
      t.equal((await service.call('PATCH', one, { token, body: { name } })).status, 400, name)
    }
    t.match(await list(service, token), [{ name: 'Old phone' }, { name: 'Security key' }])
    t.equal((await service.delete(one, { token })).status, 204)
    t.match(await service.delete(one, { token }), missing)
    t.match(await signInWith(service, passkey), FACTOR_INVALID)
    t.match(service.events('authn_factor_removed').at(-1), {
      userId: account.id,
      factor: 'passkey',
    })
    t.equal((await signInWith(service, other)).status, 200, 'the other one stays good')
    t.equal(
      (await addPasskey(service, token, passkey)).status,
      201,
      'and its credential is free again',
    )
  })

  t.test('passkeys are no second factor any more once the last is removed', async (t) => {
    const { account, passkey, id } = await withPasskey(service)
    const { email, password } = account
    const token = await tokenOf(service, passkey)
    const asked = await service.post('/api/auth/login', { email, password })
    t.match(asked, { status: 401, body: { code: 'SECOND_FACTOR_REQUIRED' } })
    t.equal((await service.delete(`${PASSKEYS}/${id}`, { token })).status, 204)
    const { accessToken } = await service.signIn(account)
    t.same(await list(service, accessToken), [])
    const again = await addPasskey(service, accessToken, newPasskey(service))
    t.equal(again.body.recoveryCodes.length, 10, 'the old codes went with it')
  })

  t.test('passkeys are still asked for where the service takes them no longer', async (t) => {
    const off = await startService(t, { env: { PASSKEYS: 'off' }, beside: service })
    const { account, id, recoveryCodes } = await withPasskey(service)
    const { email, password } = account
    const asked = await off.post('/api/auth/login', { email, password })
    t.match(asked, { status: 401, body: { code: 'SECOND_FACTOR_REQUIRED' } })
    t.same(asked.body.factors, ['recovery-code'], 'and not offered')
    const recoveryCode = recoveryCodes[0] as string
    const entered = await off.post(FACTOR_SIGN_IN, { ticket: asked.body.ticket, recoveryCode })
    const token = entered.body.accessToken as string
    await addTotp(off, token)
    const { body: stepUp } = await off.post('/api/auth/step-up', undefined, { token })
    t.same(stepUp.factors, ['totp', 'recovery-code'])
    const last = await off.delete(TOTP, { token })
    t.match(last, { status: 409, body: { code: 'LAST_FACTOR' } }, 'no one shuts themself out')
    t.equal((await off.delete(`${PASSKEYS}/${id}`, { token })).status, 204)
    t.equal((await off.delete(TOTP, { token })).status, 204)
    t.ok((await off.signIn(account)).accessToken)
  })

  t.test(
    'where only passkeys are left that the service no longer takes, an administrator helps',
    async (t) => {
      const off = await startService(t, { env: { PASSKEYS: 'off' }, beside: service })
      const ada = await newAdmin(off)
      const { account, passkey } = await withPasskey(service)
      await loseRecoveryCodes(service, account)
      const { email, password } = account
      const asked = await off.post('/api/auth/login', { email, password })
      t.match(asked, { status: 401, body: { code: 'SECOND_FACTOR_REQUIRED', factors: [] } })
      t.match(asked.body.detail, /an administrator can remove them/)
      const { ticket } = asked.body
      const assertion = await assertionOf(service, passkey)
      for (const proof of [{ assertion }, { totp: '000000' }, { recoveryCode: 'A'.repeat(24) }]) {
        const { status, body } = await off.post(FACTOR_SIGN_IN, { ticket, ...proof })
        t.ok([401, 404].includes(status), `${status} ${body.code}`)
        t.notOk(body.accessToken, 'no one is let in with less')
      }
      const begun = await ada.admin('POST', `/${account.id}/factors-removal`)
      t.equal(begun.status, 200)
      service.clock.advance(DAY)
      t.ok((await off.signIn(account)).accessToken)
    },
  )

  t.test('passkeys are off where the service says so', async (t) => {
    const off = await startService(t, { env: { PASSKEYS: 'off' } })
    const { accessToken: token } = await off.signIn(await off.signUp())
    const refusal = { status: 404, body: { code: 'PASSKEYS_OFF' } }
    t.match(await off.post(CREATION, undefined, { token }), refusal)
    t.match(await off.post(REQUEST), refusal)
    const assertion = newPasskey(service).get({
      challenge: 'x'.repeat(43),
      rpId: 'auth.example.com',
    })
    t.match(await off.post(PASSKEY_SIGN_IN, { assertion }), refusal)
    t.same(await list(off, token), [])
  })
})
