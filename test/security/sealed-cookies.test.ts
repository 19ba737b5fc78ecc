import t from 'tap'
import { seal, unseal } from '../../src/lib/sealed.js'
import { startWithOpenProviders, newSubject } from '../support/identity-provider.js'
import { Browser } from '../support/browser.js'
import { lastMail, MAIL } from '../support/mail.js'
import { jarOf, submit } from '../support/pages.js'
import { type Account, type Answer, newAccount, type Service } from '../support/service.js'

type Cookies = Readonly<Record<string, string>>

/** What a browser keeps sealed for us, and what opens it. */
interface Kind {
  /** Beginning of the cookie's name. */
  readonly name: string
  /** Goes the way that leaves the cookie. @returns the browser's cookies. */
  readonly get: () => Promise<Cookies>
  /** What a page or a route says to a browser with these cookies. */
  readonly open: (cookies: Cookies, code: string) => Promise<readonly Answer[]>
}

const HOST = '__Host-latchkey'

t.test('what is sealed in a cookie is good under its own name alone', async (t) => {
  const { service, providers } = await startWithOpenProviders(t, ['north'], MAIL)
  const { north } = providers
  const member = await service.signUp()
  const session = await enter(service, member)

  /** Any other way in would end the session. */
  const by = (path: string, cookies: Cookies) =>
    path.startsWith('/dashboard') ? { cookies: { ...cookies, ...session } } : { cookies }
  const read = (path: string) => (cookies: Cookies) => service.get(path, by(path, cookies))
  const send = (path: string, fields: Record<string, string>, cookies: Cookies) =>
    submit(service, path, fields, by(path, cookies))
  /** The mail flows, each by the address that it was asked for. */
  const asked = new Map<string, string>()
  const ask = async (kind: string, path: string, field = 'email') => {
    const { email, password } = newAccount()
    asked.set(kind, email)
    return jarOf(await send(path, { [field]: email, password, name: 'Ada' }, {}))
  }
  const begin = async () => {
    const begun = await service.get('/api/auth/north')
    const location = new URL(String(begun.headers.location))
    return { cookies: jarOf(begun), state: location.searchParams.get('state') ?? '' }
  }
  const flow = await begin()
  /** A browser whose person is asked whether an address is to be freed. */
  const come = async () => {
    const squatter = await service.signUp()
    const browser = new Browser(service)
    await north.signIn(browser, { ...newSubject(), email: squatter.email })
    return { squatter, cookies: browser.cookies() }
  }

  const kinds: Readonly<Record<string, Kind>> = {
    verification: {
      name: `${HOST}_mail_verification`,
      get: () => ask('verification', '/register'),
      open: async (cookies, code) => [
        await read('/verify')(cookies),
        await send('/verify', { code }, cookies),
      ],
    },
    'password-reset': {
      name: `${HOST}_mail_password-reset`,
      get: () => ask('password-reset', '/forgot'),
      open: async (cookies, code) => [
        await read('/reset')(cookies),
        await send('/reset', { code, newPassword: newAccount().password }, cookies),
      ],
    },
    'sign-in': {
      name: `${HOST}_mail_sign-in`,
      get: () => ask('sign-in', '/login/email'),
      open: async (cookies, code) => [
        await read('/login/email')(cookies),
        await send('/login/email/confirm', { code }, cookies),
        await send('/login/email/confirm', { startOver: 'true' }, cookies),
      ],
    },
    'address-change': {
      name: `${HOST}_mail_address-change`,
      get: () => ask('address-change', '/dashboard/email', 'newEmail'),
      open: async (cookies) => [await read('/dashboard/email')(cookies)],
    },
    freeing: {
      name: `${HOST}_freeing`,
      get: async () => (await come()).cookies,
      open: async (cookies) => [
        await read('/login/free')(cookies),
        await send('/login/free', {}, cookies),
      ],
    },
    readdress: {
      name: `${HOST}_readdress`,
      async get() {
        const { squatter, cookies } = await come()
        await submit(service, '/login/free', {}, { cookies })
        const { email, password } = squatter
        return jarOf(await submit(service, '/login', { email, password }))
      },
      open: async (cookies) => [
        await read('/login/readdress')(cookies),
        await send('/login/readdress', { email: 'not an address' }, cookies),
      ],
    },
    provider: {
      name: `${HOST}_oauth_`,
      get: async () => flow.cookies,
      open: async (cookies) => [
        await read(`/api/auth/north/callback?code=x&state=${flow.state}`)(cookies),
      ],
    },
  }
  const sealed = new Map<string, { readonly name: string; readonly value: string }>()
  for (const [kind, { name: start, get }] of Object.entries(kinds)) {
    const [name, value] = Object.entries(await get()).find(([each]) => each.startsWith(start)) ?? []
    if (name === undefined || value === undefined) throw new Error(`no cookie of ${kind}`)
    sealed.set(kind, { name, value })
  }
  t.test(
    'F20: the cookies of a browser that is half-way through everything are no long request',
    (t) => {
      const own = [
        ...Object.entries(session),
        ...[...sealed.values()].map((c) => [c.name, c.value]),
      ]
      const sizes = own.map(([name = '', value = '']) => name.length + value.length)
      t.ok(Math.max(...sizes) < 2048, `the longest has ${Math.max(...sizes)} bytes`)
      const whole = sizes.reduce((sum, size) => sum + size, 0)
      t.ok(whole < 6000, `${whole} bytes, and five sign-ins at providers have five cookies`)
      t.end()
    },
  )

  const codeOf = async (kind: string) => {
    const email = asked.get(kind)
    const mail =
      email === undefined ? undefined : await lastMail(service, email).catch(() => undefined)
    return mail?.code ?? '00000000'
  }
  const told = async (kind: Kind, cookies: Cookies, code: string) =>
    (await kind.open(cookies, code)).map(({ status, headers, text }) => ({
      status,
      location: headers.location,
      text: text.replaceAll(/[\w-]{36}/g, ''),
    }))

  for (const [to, kind] of Object.entries(kinds)) {
    const { name, value: own } = sealed.get(to) ?? { name: '', value: '' }
    const none = await told(kind, {}, '00000000')
    for (const [from, { value }] of sealed) {
      if (from === to) continue
      const renamed = await told(kind, { [name]: value }, await codeOf(from))
      t.same(renamed, none, `a cookie of ${from} is none of ${to}`)
    }
    t.notSame(await told(kind, { [name]: own }, await codeOf(to)), none, `its own is one of ${to}`)
  }
})

t.test('what is sealed in a cookie opens in no other letter (ASVS V11.3.3)', async (t) => {
  const clock = () => 1_900_000_000_000
  const key = { id: 'k1', secret: Buffer.alloc(32, 7).toString('base64url') }
  const kind = { type: 'test+jwt', label: 'test', seconds: 60 }
  const sealed = await seal(kind, { for: 'ada' }, key, clock)
  const open = (text: string) =>
    unseal(kind, text, async (id) => (id === key.id ? key : undefined), clock)
  t.match(await open(sealed), { for: 'ada' })
  for (let at = 0; at < sealed.length; at++) {
    const letter = sealed[at] === 'A' ? 'B' : 'A'
    // The last letters of the nonce and the tag have bits that belong to no byte; 'Q' and 'g' change others.
    const changed = [letter, 'Q', 'g'].filter((other) => other !== sealed[at])
    const opened = await Promise.all(
      changed.map((other) => open(sealed.slice(0, at) + other + sealed.slice(at + 1))),
    )
    t.ok(opened.includes(undefined), `letter ${at}`)
    for (const content of opened) if (content) t.match(content, { for: 'ada' })
  }
})

/** The cookies of a session. */
async function enter(service: Service, { email, password }: Account): Promise<Cookies> {
  const all = Object.entries(jarOf(await submit(service, '/login', { email, password })))
  return Object.fromEntries(all.filter(([name]) => /_(access|refresh)$/.test(name)))
}
