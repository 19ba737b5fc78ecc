import t from 'tap'
import { FLAGS, type Forgery } from '../support/authenticator.js'
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
import { ISSUER, startService } from '../support/service.js'

const FACTOR_INVALID = { status: 401, body: { code: 'FACTOR_INVALID' } }
const { UP, UV, BE, BS, AT, ED } = FLAGS
const url = (bytes: Buffer): string => bytes.toString('base64url')
const flip = (at: number) => (bytes: Buffer) =>
  Buffer.from(bytes.map((byte, place) => (place === at ? byte ^ 1 : byte)))

/** What client data, flags and origin may never say, in either ceremony. */
const IN_BOTH: Readonly<Record<string, Forgery>> = {
  'another origin': { origin: 'https://evil.example' },
  'the origin of a subdomain': { origin: 'https://evil.auth.example.com' },
  'the origin of a parent domain': { origin: 'https://example.com' },
  'the origin on http': { origin: 'http://auth.example.com' },
  'the origin on another port': { origin: `${ISSUER}:8443` },
  'the origin with a slash': { origin: `${ISSUER}/` },
  'the origin of an app': { origin: 'android:apk-key-hash:AAAA' },
  'another relying party': { rpId: 'evil.example' },
  'the parent domain as relying party': { rpId: 'example.com' },
  'the origin as relying party': { rpId: ISSUER },
  'a page in a frame of another site': { clientData: { crossOrigin: true } },
  'a frame of a site that it names': {
    clientData: { crossOrigin: true, topOrigin: 'https://evil.example' },
  },
  'a top origin without a frame': { clientData: { topOrigin: ISSUER } },
  'a frame of what is no answer': { clientData: { crossOrigin: 'no' } },
  'no user verification': { flags: UP },
  'no user at all': { flags: UV },
  'no flags': { flags: 0 },
  'a backup of what can have none': { flags: UP | UV | BS },
  'bytes behind the data': { behind: Buffer.from([0]) },
  'extensions that are not there': { flags: UP | UV | ED },
  'no type': { type: '' },
  'the type of a payment': { type: 'payment.get' },
  'a challenge that was never given': { challenge: url(Buffer.alloc(32, 1)) },
  'no challenge': { clientData: { challenge: undefined } },
  'a list of challenges': { clientData: { challenge: ['a'] } },
  'another id than the raw one': { id: url(Buffer.alloc(32, 2)) },
  'another raw id': { rawId: url(Buffer.alloc(32, 3)) },
}

/** A registration has the data of its credential, even if all else is forged. */
const withCredential = (rows: Readonly<Record<string, Forgery>>): Record<string, Forgery> =>
  Object.fromEntries(
    Object.entries(rows).map(([what, { flags, ...forgery }]) => [
      what,
      { ...forgery, ...(flags !== undefined && { flags: flags | AT }) },
    ]),
  )

t.test('a passkey’s assertion opens nothing that has', async (t) => {
  const service = await startService(t)
  const { account, passkey } = await withPasskey(service)
  const stranger = await withPasskey(service)
  const second = newPasskey(service)
  const signed = await signInWith(service, passkey)
  await addPasskey(service, signed.body.accessToken, second)

  const rows: Record<string, Forgery> = {
    ...IN_BOTH,
    'the type of a registration': { type: 'webauthn.create' },
    'a flipped bit in its signature': { signature: flip(20) },
    'a signature without its end': { signature: (bytes) => bytes.subarray(0, -1) },
    'an empty DER signature': { signature: () => Buffer.from('3006020100020100', 'hex') },
    'a raw signature': { signature: () => Buffer.alloc(64, 1) },
    'the signature of another user’s key': { signer: stranger.passkey },
    'the signature of another key of the user': { signer: second },
    'the id of another user’s passkey': { id: url(stranger.passkey.id) },
    'the id of another passkey of the user': { id: url(second.id) },
    'the id of a passkey that there is not': { id: url(Buffer.alloc(32, 4)) },
    'the handle of another user': { userHandle: stranger.passkey.userHandle ?? '' },
    'the id of the user as the handle': { userHandle: url(Buffer.from(account.id)) },
    'no handle': { userHandle: null },
    'a passkey that became one that can be backed up': { flags: UP | UV | BE },
    'and that is backed up': { flags: UP | UV | BE | BS },
    'data of a new credential that is not there': { flags: UP | UV | AT },
  }
  for (const [what, forgery] of Object.entries(rows)) {
    t.match(await signInWith(service, passkey, forgery), FACTOR_INVALID, what)
  }

  const { body: options } = await service.post(REQUEST)
  const right = passkey.get(options)
  const { body: others } = await service.post(REQUEST)
  const foreign = stranger.passkey.get(others)
  const mixed: Record<string, object> = {
    'the signature of another’s assertion': { signature: foreign.response.signature },
    'client data of another’s assertion': { clientDataJSON: foreign.response.clientDataJSON },
    'client data that is no JSON': { clientDataJSON: url(Buffer.from('{')) },
    'client data that is null': { clientDataJSON: url(Buffer.from('null')) },
    'authenticator data that is cut': {
      authenticatorData: right.response.authenticatorData.slice(0, 20),
    },
  }
  for (const [what, part] of Object.entries(mixed)) {
    const assertion = passkey.get((await service.post(REQUEST)).body)
    const response = { ...assertion.response, ...part }
    const answer = await service.post(PASSKEY_SIGN_IN, { assertion: { ...assertion, response } })
    t.match(answer, FACTOR_INVALID, what)
  }
  const malformed: Record<string, unknown> = {
    'another kind of credential': { ...right, type: 'password' },
    'no base64url': { ...right, id: '+/==' },
    'no answer': { ...right, response: {} },
    nothing: null,
  }
  for (const [what, assertion] of Object.entries(malformed)) {
    t.match(await service.post(PASSKEY_SIGN_IN, { assertion }), { status: 400 }, what)
  }
  t.equal((await service.post(PASSKEY_SIGN_IN, { assertion: right })).status, 200, 'the right one')
  t.match(await service.post(PASSKEY_SIGN_IN, { assertion: right }), FACTOR_INVALID, 'recorded')
  t.equal((await signInWith(service, stranger.passkey)).status, 200)
  t.match(service.events('authn_factor_fail').at(-1), { kind: 'passkey', reason: 'challenge' })
})

t.test('a passkey’s challenge is used up by the first answer, right or wrong', async (t) => {
  const service = await startService(t)
  const { passkey } = await withPasskey(service)
  const { body: options } = await service.post(REQUEST)
  const wrong = passkey.get(options, { signature: flip(20) })
  t.match(await service.post(PASSKEY_SIGN_IN, { assertion: wrong }), FACTOR_INVALID)
  const right = passkey.get(options)
  t.match(await service.post(PASSKEY_SIGN_IN, { assertion: right }), FACTOR_INVALID)
})

t.test('a passkey’s challenge of one door opens no other', async (t) => {
  const service = await startService(t)
  const { passkey } = await withPasskey(service)
  const { accessToken } = (await signInWith(service, passkey)).body
  const { body: creation } = await service.post(CREATION, undefined, { token: accessToken })
  const assertion = passkey.get({ ...creation, rpId: creation.rp.id })
  t.match(await service.post(PASSKEY_SIGN_IN, { assertion }), FACTOR_INVALID)
  const { body: request } = await service.post(REQUEST)
  const attestation = newPasskey(service).create({ ...creation, challenge: request.challenge })
  const token = accessToken
  t.match(await service.post(PASSKEYS, { attestation }, { token }), FACTOR_INVALID)
  const { email, password } = await service.signUp()
  const again = await withPasskey(service)
  const half = await service.post('/api/auth/login', { ...again.account })
  t.ok(email && password && half)
  const ticket = String(half.body.ticket)
  const byTicket = again.passkey.get({ challenge: ticket, rpId: 'auth.example.com' })
  t.match(await service.post(PASSKEY_SIGN_IN, { assertion: byTicket }), FACTOR_INVALID)
})

t.test('a passkey is not made by an attestation that has', async (t) => {
  const service = await startService(t)
  const { accessToken: token } = await service.signIn(await service.signUp())
  const taken = await withPasskey(service)
  const rows: Record<string, Forgery> = {
    ...withCredential(IN_BOTH),
    'the type of an assertion': { type: 'webauthn.get' },
    'no credential in it': { flags: UP | UV },
    'another id than that of its credential': {
      id: url(taken.passkey.id),
      rawId: url(taken.passkey.id),
    },
    'an empty id': { credentialId: Buffer.alloc(0), id: 'AA', rawId: 'AA' },
    'an id that is too long': { credentialId: Buffer.alloc(1024, 7) },
  }
  for (const [what, forgery] of Object.entries(rows)) {
    const made = await addPasskey(service, token, newPasskey(service), forgery)
    t.match(made, FACTOR_INVALID, what)
  }
  const copy = { credentialId: taken.passkey.id }
  const refusal = { status: 409, body: { code: 'PASSKEY_TAKEN' } }
  t.match(await addPasskey(service, token, newPasskey(service), copy), refusal)
  t.same((await service.get(PASSKEYS, { token })).body, { passkeys: [] })
  t.equal((await signInWith(service, taken.passkey)).status, 200)
  t.ok(await assertionOf(service, taken.passkey))
  const answer = await addPasskey(service, token, newPasskey(service))
  t.equal(answer.status, 201, 'the right one')
})
