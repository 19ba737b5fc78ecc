import { randomBytes } from 'node:crypto'
import t from 'tap'
import { MINUTE } from '../support/clock.js'
import { allItems } from '../support/full-account.js'
import { keycloak, VECTORS } from '../support/imported-hashes.js'
import { importLines } from '../support/imports.js'
import { newAccount, type Service, startService } from '../support/service.js'

const LOGIN = '/api/auth/login'
const BCRYPT_OF = (cost: string) =>
  `$2b$${cost}$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy`

async function digestOf(service: Service, email: string): Promise<string> {
  const items = (await allItems(service)).users ?? []
  return String(items.find((item) => item.email === email)?.passwordHash)
}

/** A sign-in with a password that is published: no secret, and a word that stands in every log. */
async function enter(service: Service, email: string, password: string) {
  const request = { method: 'POST', url: LOGIN, payload: { email, password } } as const
  const answer = await service.app.inject(request)
  return { status: answer.statusCode, code: answer.json<{ code?: string }>().code }
}

const row = (passwordHash?: unknown) => ({
  email: newAccount().email,
  emailVerified: true,
  passwordHash,
})

t.test('imported password hashes of each original system', async (t) => {
  const service = await startService(t)
  for (const [kind, { source, password, passwordHash }] of Object.entries(VECTORS)) {
    await t.test(
      `an imported ${kind} lets its person in, and is replaced (${source})`,
      async (t) => {
        const line = row(passwordHash)
        const { email } = line
        t.match(await importLines(service, [line]), [{ line: 1, outcome: 'created' }])
        t.match(await digestOf(service, email), /^imported:\$/)
        const wrong = await enter(service, email, `${password.slice(1)}?`)
        t.match(wrong, { status: 401, code: 'INVALID_CREDENTIALS' })
        t.match(await digestOf(service, email), /^imported:\$/, 'a wrong password replaces nothing')

        for (let times = 0; times < 2; times++) {
          service.clock.advance(MINUTE)
          t.equal((await enter(service, email, password)).status, 200)
          t.match(await digestOf(service, email), /^\$argon2id\$/)
        }
        t.match(await importLines(service, [line]), [{ outcome: 'unchanged' }])
        t.match(await digestOf(service, email), /^\$argon2id\$/, 'another import leaves it')
      },
    )
  }
})

t.test('an imported password is compared as its system did', async (t) => {
  const service = await startService(t)
  const vector = (kind: string) => VECTORS[kind] ?? { password: '', passwordHash: '' }
  const enterWith = async (passwordHash: unknown, password: string) => {
    const line = row(passwordHash)
    await importLines(service, [line])
    service.clock.advance(MINUTE)
    return (await enter(service, line.email, password)).status
  }

  t.test('an imported bcrypt looks at the first 72 bytes of a password', async (t) => {
    const { password, passwordHash } = vector('bcrypt of more than 72 bytes')
    t.equal(await enterWith(passwordHash, `${password.slice(0, 72)} and others`), 200)
    t.equal(await enterWith(passwordHash, password.slice(0, 71)), 401)
  })

  t.test('an imported bcrypt takes no password with U+0000', async (t) => {
    const { password, passwordHash } = vector('bcrypt $2a$')
    for (const tail of ['\0', '\0more', `\0${password}`]) {
      t.equal(await enterWith(passwordHash, password + tail), 401)
    }
  })

  t.test('an imported hash knows no normal form, and ours takes it from then on', async (t) => {
    const { password, passwordHash } = vector('PBKDF2 of Django')
    t.equal(await enterWith(passwordHash, password.normalize('NFD')), 401)
    const line = row(passwordHash)
    await importLines(service, [line])
    const { email } = line
    for (const form of ['NFC', 'NFD']) {
      service.clock.advance(MINUTE)
      t.equal((await enter(service, email, password.normalize(form))).status, 200)
    }
  })

  t.test('an imported argon2 of Keycloak is the same as its PHC string', async (t) => {
    const { passwordHash: phc } = vector('argon2id')
    const [, , , , salt = '', value = ''] = typeof phc === 'string' ? phc.split('$') : []
    const parameters = {
      ...{ hashLength: ['32'], memory: ['65536'], type: ['id'], version: ['1.3'] },
      parallelism: ['1'],
    }
    const secret = { value: `${value}=`, salt: `${salt}=` }
    t.equal(await enterWith(keycloak('argon2', 2, secret, parameters), 'password'), 200)
  })
})

t.test('an imported hash may cost as much as is said, and has the form of its kind', async (t) => {
  const service = await startService(t)
  const secret = { value: randomBytes(32).toString('base64'), salt: 'c29tZXNhbHQ=' }
  const [salt, hash] = ['c29tZXNhbHQ', randomBytes(32).toString('base64').replace('=', '')]
  const argon2 = (costs: string) => `$argon2id$v=19$${costs}$${salt}$${hash}`
  const taken = [
    ...[BCRYPT_OF('04'), BCRYPT_OF('12')],
    `pbkdf2_sha256$1000000$salt$${hash}=`,
    keycloak('pbkdf2-sha512', 1_000_000, secret),
    ...[argon2('m=131072,t=2,p=8'), argon2('m=65536,t=4,p=1')],
  ]
  const refused: [unknown, RegExp][] = [
    [BCRYPT_OF('13'), /a cost of bcrypt above 12$/],
    [BCRYPT_OF('03'), /a cost of bcrypt below 4$/],
    [BCRYPT_OF('12').replace('$2b', '$2x'), /no kind that can be imported$/],
    [BCRYPT_OF('12').slice(0, -1), /no kind that can be imported$/],
    [`pbkdf2_sha256$1000001$salt$${hash}=`, /number of PBKDF2 iterations above 1000000$/],
    [`pbkdf2_sha256$01$salt$${hash}=`, /no kind/],
    [`pbkdf2_sha1$1000$salt$${hash}=`, /no kind/],
    [`pbkdf2_sha256$1000$salt$${hash}`, /a hash that is no base64$/],
    [
      `pbkdf2_sha256$1000$salt$${randomBytes(8).toString('base64')}`,
      /a hash of less than 16 bytes$/,
    ],
    [keycloak('pbkdf2-sha256', 1_000_001, secret), /number of PBKDF2 iterations above 1000000$/],
    [keycloak('pbkdf2', 20_000, secret), /an algorithm that can’t be imported$/],
    [{ secretData: '{', credentialData: '{}' }, /a secretData that is no JSON$/],
    [{ secretData: '{}', credentialData: '{}' }, /a secretData that Keycloak does not make$/],
    [{ hash: 'AAAA', salt: 'AAAA' }, /not as long as the key of the Firebase project$/],
    [argon2('m=131073,t=1,p=1'), /memory of argon2 \(KiB\) above 131072$/],
    [argon2('m=65536,t=5,p=1'), /memory of argon2 times its passes above 262144$/],
    [argon2('m=65536,t=1,p=9'), /number of argon2 lanes above 8$/],
    [argon2('m=8,t=1,p=2'), /too little memory for argon2$/],
    ['$pbkdf2-sha256$i=1000$c2FsdA==$c2FsdHNhbHRzYWx0c2FsdA==', /no kind/],
    ['5f4dcc3b5aa765d61d8327deb882cf99', /no kind/],
    [{ salt: 'x' }, /none of the forms that are taken$/],
  ]
  const outcomes = await importLines(service, [...taken, ...refused.map(([one]) => one)].map(row))
  t.ok(outcomes.slice(0, taken.length).every(({ outcome }) => outcome === 'created'))
  for (const [at, [value, reason]] of refused.entries()) {
    const outcome = outcomes[taken.length + at]
    t.match(outcome, { outcome: 'refused', reason }, JSON.stringify(value).slice(0, 60))
    t.notMatch(JSON.stringify(outcome), hash)
  }
})

t.test('an imported bcrypt is verified off the event loop', async (t) => {
  const service = await startService(t)
  const line = row(BCRYPT_OF('12'))
  await importLines(service, [line])
  let turns = 0
  let isOver = false
  const turn = () => {
    turns++
    if (!isOver) setImmediate(turn)
  }
  setImmediate(turn)
  const { status } = await service.post(LOGIN, { email: line.email, password: 'not that one' })
  isOver = true
  t.equal(status, 401)
  t.ok(turns > 1000, `${turns} turns`)
})

t.test('imported hashes wait in the queue of argon2', async (t) => {
  const service = await startService(t, { env: { ARGON2_CONCURRENCY: '1', ARGON2_QUEUE: '0' } })
  const line = row(BCRYPT_OF('10'))
  await importLines(service, [line])
  const body = { email: line.email, password: 'not that one' }
  const answers = await Promise.all([service.post(LOGIN, body), service.post(LOGIN, body)])
  t.same(answers.map(({ status }) => status).sort(), [401, 503])
  t.match(answers.find(({ status }) => status === 503)?.body, { code: 'BUSY' })
})

t.test('wrong passwords of an imported account count as those of any other', async (t) => {
  const service = await startService(t)
  const line = row(VECTORS['bcrypt $2a$']?.passwordHash)
  await importLines(service, [line])
  const own = await service.signUp()
  const tryAll = async (email: string) => {
    const codes = []
    for (let times = 0; times < 12; times++) {
      const { status, body } = await service.post(LOGIN, { email, password: 'not that one' })
      codes.push(`${status} ${body.code}`)
    }
    return codes
  }
  const imported = await tryAll(line.email)
  t.same(imported, await tryAll(own.email))
  t.match(imported.at(-1), /^429 /)
})
