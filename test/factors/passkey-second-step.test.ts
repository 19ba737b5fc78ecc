import t from 'tap'
import { decodeJwt } from 'jose'
import { MAIL, mailsTo } from '../support/mail.js'
import { askToSignIn, byCode, CONFIRM, newMember } from '../support/mail-sign-in.js'
import { MINUTE } from '../support/clock.js'
import {
  addPasskey,
  assertionOf,
  CREATION,
  newPasskey,
  PASSKEYS,
  signInWith,
  withPasskey,
} from '../support/passkeys.js'
import { type Account, type Service, startService } from '../support/service.js'
import { parallel, tally } from '../support/tally.js'

const LOGIN = '/api/auth/login'
const SECOND_STEP = '/api/auth/login/factor'
const ENROLMENT = '/api/auth/login/enrolment/passkeys'
const FACTOR_INVALID = { status: 401, body: { code: 'FACTOR_INVALID' } }

async function begin(service: Service, { email, password }: Account): Promise<string> {
  const { status, body } = await service.post(LOGIN, { email, password })
  t.match({ status, body }, { status: 401, body: { code: 'SECOND_FACTOR_REQUIRED' } })
  return body.ticket as string
}

t.test('a passkey is the second factor of a sign-in', async (t) => {
  const service = await startService(t)
  const { account, passkey, recoveryCodes } = await withPasskey(service)
  const stranger = await withPasskey(service)

  t.test('a passkey is the second factor of its owner, once', async (t) => {
    const ticket = await begin(service, account)
    const foreign = await assertionOf(service, stranger.passkey)
    t.match(await service.post(SECOND_STEP, { ticket, assertion: foreign }), FACTOR_INVALID)
    const assertion = await assertionOf(service, passkey)
    const answers = await parallel(10, () => service.post(SECOND_STEP, { ticket, assertion }))
    t.same(tally(answers.map(({ status }) => status)), { 200: 1, 401: 9 })
    const { body } = answers.find(({ status }) => status === 200) ?? {}
    const { amr, acr } = decodeJwt(body.accessToken)
    t.same({ amr, acr }, { amr: ['pwd', 'hwk', 'user', 'mfa'], acr: 'urn:latchkey:2' })
    t.match(body.user, { id: account.id })
  })

  t.test('no number of wrong passkeys as second factor locks its owner out', async (t) => {
    const ticket = await begin(service, account)
    for (let tries = 0; tries < 40; tries++) {
      const forged = await assertionOf(service, passkey, { signer: stranger.passkey })
      t.match(await service.post(SECOND_STEP, { ticket, assertion: forged }), FACTOR_INVALID)
    }
    const assertion = await assertionOf(service, passkey)
    t.equal((await service.post(SECOND_STEP, { ticket, assertion })).status, 200)
  })

  t.test('where a passkey is lost, a recovery code leads to the next one', async (t) => {
    const ticket = await begin(service, account)
    const [recoveryCode] = recoveryCodes
    const { body } = await service.post(SECOND_STEP, { ticket, recoveryCode })
    const token = body.accessToken as string
    const { body: list } = await service.get(PASSKEYS, { token })
    const next = newPasskey(service)
    t.equal((await addPasskey(service, token, next)).status, 201)
    const lost = `${PASSKEYS}/${list.passkeys[0].id}`
    t.equal((await service.delete(lost, { token })).status, 204)
    t.match(await signInWith(service, passkey), FACTOR_INVALID)
    t.equal((await signInWith(service, next)).status, 200)
  })
})

t.test('a session proves more by a passkey', async (t) => {
  const service = await startService(t)
  const account = await service.signUp()
  // It began before the account had a factor.
  const { accessToken: token } = await service.signIn(account)
  const adding = { token: (await service.signIn(account)).accessToken }
  const passkey = newPasskey(service)
  t.equal((await addPasskey(service, adding.token, passkey)).status, 201)
  const added = await service.post(CREATION, undefined, adding)
  t.equal(added.status, 200, 'the session that made it has proved it')
  const weak = await service.post(CREATION, undefined, { token })
  t.match(weak, { status: 401, body: { code: 'RECENT_SIGN_IN_REQUIRED' } }, 'it has proved one')
  t.match(weak.headers['www-authenticate'], /acr_values="urn:latchkey:2"/)
  const { body } = await service.post('/api/auth/step-up', undefined, { token })
  t.match(body.factors, ['passkey', 'recovery-code'])
  const assertion = await assertionOf(service, passkey)
  const stepped = await service.post(SECOND_STEP, { ticket: body.ticket, assertion }, { token })
  t.equal(stepped.status, 200)
  const strong = { token: stepped.body.accessToken as string }
  t.equal((await service.post(CREATION, undefined, strong)).status, 200)
  service.clock.advance(14 * MINUTE)
  t.equal((await service.post(CREATION, undefined, strong)).status, 200)
})

t.test('an account that has to have a second factor gets a passkey as it signs in', async (t) => {
  const service = await startService(t, { env: { ...MAIL, SECOND_FACTOR: 'required' } })
  const enrolling = async () => {
    const member = await newMember(service)
    const mail = await askToSignIn(service, member.email)
    const { body } = await service.post(CONFIRM, byCode(mail))
    return { member, ticket: body.ticket as string }
  }
  const { member, ticket } = await enrolling()
  const other = await enrolling()
  const { body: options } = await service.post(`${ENROLMENT}/options`, { ticket })
  const passkey = newPasskey(service)
  const attestation = passkey.create(options)
  const elsewhere = { ticket: other.ticket, attestation }
  t.match(await service.post(ENROLMENT, elsewhere), FACTOR_INVALID, 'with no other ticket')
  t.match(await service.post(ENROLMENT, { ticket, attestation }), FACTOR_INVALID, 'used up')

  const again = await service.post(`${ENROLMENT}/options`, { ticket })
  const made = { ticket, attestation: passkey.create(again.body), name: 'Phone' }
  const answers = await parallel(5, () => service.post(ENROLMENT, made))
  t.same(tally(answers.map(({ status }) => status)), { 200: 1, 401: 4 })
  const { body } = answers.find(({ status }) => status === 200) ?? {}
  t.match(body, { user: { id: member.id }, passkey: { name: 'Phone' } })
  t.equal(body.recoveryCodes.length, 10)
  const { amr, acr } = decodeJwt(body.accessToken)
  t.same({ amr, acr }, { amr: ['email', 'hwk', 'user', 'mfa'], acr: 'urn:latchkey:2' })
  t.match(await service.post(`${ENROLMENT}/options`, { ticket }), FACTOR_INVALID)
  t.equal((await signInWith(service, passkey)).status, 200)

  const one = `${PASSKEYS}/${body.passkey.id}`
  const last = await service.delete(one, { token: body.accessToken })
  t.match(last, { status: 409, body: { code: 'LAST_FACTOR' } })
})

t.test('a sign-in by a second factor makes the address known that it comes from', async (t) => {
  const service = await startService(t, { env: MAIL })
  const member = await newMember(service)
  const { accessToken: token } = await service.signIn(member)
  const passkey = newPasskey(service)
  const { body } = await addPasskey(service, token, passkey)
  const elsewhere = { remoteAddress: '203.0.113.7' }
  const news = async () =>
    (await mailsTo(service, member.email)).filter(({ kind }) => kind === 'new-device').length
  for (const told of [1, 1]) {
    t.equal((await signInWith(service, passkey, {}, elsewhere)).status, 200)
    t.equal(await news(), told)
  }
  const [recoveryCode] = body.recoveryCodes as string[]
  const another = { remoteAddress: '203.0.113.8' }
  const ticket = await begin(service, member)
  const proof = { ticket, recoveryCode }
  t.equal((await service.post(SECOND_STEP, proof, another)).status, 200)
  t.equal(await news(), 2)
  t.equal((await signInWith(service, passkey, {}, another)).status, 200)
  t.equal(await news(), 2)
})
