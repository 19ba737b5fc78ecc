import t from 'tap'
import type { MailTicketKind } from '../../src/tickets/mail-secrets.js'
import { MINUTE } from '../support/clock.js'
import { addTotp } from '../support/factors.js'
import { newAdmin } from '../support/keys.js'
import { newInviter } from '../support/invitations.js'
import { lastMail, MAIL, proveAddress, type ReadMail, secretsOf } from '../support/mail.js'
import { submit } from '../support/pages.js'
import { type Route, withRoutes } from '../support/routes.js'
import { type Account, newAccount, type Service, startService } from '../support/service.js'

interface Member {
  readonly account: Account
  readonly token: string
}

/** What a person has of a mail. */
interface Mailed {
  readonly ticket: string
  readonly flow: string
  readonly code: string
}

interface Kind {
  readonly ask: (service: Service, member: Member) => Promise<Mailed>
  /** The routes that it is for, the one that is used to the end first. */
  readonly doors: readonly string[]
  readonly proof: 'link' | 'code'
  /** The account has not proved its address yet. */
  readonly isUnproved?: boolean
}

const KINDS: Readonly<Record<MailTicketKind, Kind>> = {
  verification: {
    ask: (service, { account, token }) =>
      askAt(service, '/api/auth/email/verification', { to: account.email, token }),
    doors: [
      'POST /api/auth/email/verification/confirm',
      'POST /api/auth/email/verification/disown',
      'POST /verify',
      'POST /verify/disown',
    ],
    proof: 'link',
    isUnproved: true,
  },
  'password-reset': {
    ask: (service, { account: { email } }) =>
      askAt(service, '/api/auth/password/forgot', { to: email, body: { email } }),
    doors: ['POST /api/auth/password/reset', 'POST /reset'],
    proof: 'link',
  },
  'sign-in': {
    ask: (service, { account: { email } }) =>
      askAt(service, '/api/auth/login/email', { to: email, body: { email } }),
    doors: ['POST /api/auth/login/email/confirm'],
    proof: 'link',
  },
  'address-change': {
    ask: (service, { token }) => askForAddress(service, newAccount().email, token),
    doors: ['POST /api/auth/email/confirm'],
    proof: 'code',
  },
  'address-undo': {
    async ask(service, { account, token }) {
      const { code } = await askForAddress(service, newAccount().email, token)
      service.clock.advance(MINUTE)
      const changed = await service.post('/api/auth/email/confirm', { code }, { token })
      if (changed.status !== 200) throw new Error(`the change answered ${changed.status}`)
      return mailedBy(service, await lastMail(service, account.email))
    },
    doors: ['POST /api/auth/email/undo', 'POST /undo'],
    proof: 'link',
  },
  'factors-removal': {
    async ask(service, { account, token }) {
      await addTotp(service, token)
      const admin = await newAdmin(service)
      service.clock.advance(MINUTE)
      const begun = await admin.admin('POST', `/${account.id}/factors-removal`)
      if (begun.status !== 200) throw new Error(`the removal answered ${begun.status}`)
      return mailedBy(service, await lastMail(service, account.email))
    },
    doors: ['POST /api/auth/factors/removal/cancel', 'POST /keep-factors'],
    proof: 'link',
  },
  invitation: {
    async ask(service) {
      const { email } = await (await newInviter(service)).invite()
      return mailedBy(service, await lastMail(service, email))
    },
    doors: ['POST /api/auth/invitation/accept', 'POST /invitation'],
    proof: 'link',
  },
}

async function askAt(
  service: Service,
  url: string,
  { to, body, token }: { to: string; body?: object; token?: string },
): Promise<Mailed> {
  service.clock.advance(MINUTE)
  const answer = await service.post(url, body, token === undefined ? {} : { token })
  if (answer.status !== 202) throw new Error(`${url} answered ${answer.status} ${answer.text}`)
  return mailedBy(service, await lastMail(service, to), answer.body.flow)
}

const askForAddress = (service: Service, newEmail: string, token: string): Promise<Mailed> =>
  askAt(service, '/api/auth/email', { to: newEmail, body: { newEmail }, token })

/** A mail that no one asks for has no flow. */
const NO_FLOW = 'A'.repeat(22)

async function mailedBy(
  service: Service,
  { ticket: of }: ReadMail,
  flow = NO_FLOW,
): Promise<Mailed> {
  if (!of) throw new Error('the mail has no ticket')
  const { secret: ticket, code } = await secretsOf(service, of)
  return { ticket, flow, code }
}

async function join(service: Service, { isUnproved = false }: Kind): Promise<Member> {
  const account = await service.signUp()
  if (!isUnproved) await proveAddress(service, account.id)
  const { accessToken: token } = await service.signIn(account)
  return { account, token }
}

const nameOf = ({ method, url }: Route): string => `${method} ${url}`

/** The fields of a route's body that it declares. A form of a page declares none. */
function fieldsOf({ schema }: Route): readonly string[] {
  const { properties = {} } = (schema?.body ?? {}) as { readonly properties?: object }
  return Object.keys(properties)
}

const isForm = ({ method, url }: Route) => method === 'POST' && !/^\/(api|oauth)\//.test(url)
/** Second factors have tickets and codes of their own, which no mail has. */
const isOfFactors = ({ url }: Route) =>
  /^\/api\/auth\/(factors\/totp|login\/(factor|enrolment))/.test(url)
/** Its codes are those of apps, by RFC 6749 §4.1.2. */
const isOfApps = ({ url }: Route) => url === '/oauth/token'
const takesProof = (route: Route) =>
  fieldsOf(route).some((name) => ['ticket', 'code'].includes(name)) && route.method === 'POST'
const isDoor = (route: Route) => takesProof(route) && !isOfFactors(route) && !isOfApps(route)

t.test('the ticket of each mail opens its own doors, and no other', async (t) => {
  const { app: service, routes } = await withRoutes(() => startService(t, { env: MAIL }))
  const doors = routes.filter((route) => takesProof(route) || isForm(route))
  const own = new Set(Object.values(KINDS).flatMap((kind) => kind.doors))
  const names = doors.map(nameOf)
  t.ok(doors.filter(isDoor).length >= 6 && doors.filter(isForm).length > 20)
  t.same(
    [...own].filter((door) => door.includes(' /api/') && !names.includes(door)),
    [],
    'they are all there',
  )
  const strange = doors.filter((route) => isDoor(route) && !own.has(nameOf(route)))
  t.same(strange.map(nameOf), [], 'and each belongs to a kind')

  const knock = (
    { account: { password }, token }: Member,
    door: Route,
    proof: Readonly<Partial<Mailed>>,
  ) => {
    const more = { password, newPassword: newAccount().password, startOver: true }
    const path = door.url.replace(/:\w+/g, 'none')
    if (isForm(door))
      return submit(service, path, { ...more, startOver: 'true', notMine: 'true', ...proof })
    const all = Object.entries({ ...more, ...proof })
    const body = Object.fromEntries(all.filter(([name]) => fieldsOf(door).includes(name)))
    return service.post(path, body, { token })
  }

  for (const [name, kind] of Object.entries(KINDS)) {
    t.test(`of the kind ${name}`, async (t) => {
      const member = await join(service, kind)
      const { ticket, flow, code } = await kind.ask(service, member)
      const { store } = service.services.users
      const before = await store.findById(member.account.id)
      const proofs = { link: { ticket, flow }, code: { flow, code } }
      for (const door of doors.filter((each) => !kind.doors.includes(nameOf(each)))) {
        for (const [by, proof] of Object.entries(proofs)) {
          const answer = await knock(member, door, proof)
          const what = `${nameOf(door)} by the ${by}`
          if (isDoor(door)) t.equal(answer.status, 400, what)
          const isRefused = answer.status >= 400 && answer.status < 500
          if (isOfFactors(door) || isOfApps(door)) t.ok(isRefused, what)
          const isTaken = isDoor(door) && fieldsOf(door).includes(by === 'link' ? 'ticket' : 'code')
          if (isTaken) t.equal(answer.body.code, 'TICKET_INVALID')
          t.same(
            answer.cookies.filter(({ name, value }) => /access|refresh/.test(name) && value),
            [],
          )
        }
      }
      t.same(await store.findById(member.account.id), before, 'the account is as it was')

      const [first] = kind.doors
      const door = doors.find((each) => nameOf(each) === first)
      const answer = door && (await knock(member, door, proofs[kind.proof]))
      t.ok(answer && answer.status < 300, `${first} opens, ${answer?.status}`)
    })
  }
})
