import t from 'tap'
import { bounds } from '../support/bounds.js'
import { HOUR, MINUTE } from '../support/clock.js'
import { FACTOR_SIGN_IN, ticketOf, withTotp } from '../support/factors.js'
import { MAIL } from '../support/mail.js'
import { askToSignIn, CONFIRM, newMember } from '../support/mail-sign-in.js'
import { newAccount, type Service, startService } from '../support/service.js'
import { parallel } from '../support/tally.js'
import { trailItems } from '../support/trail.js'

const LOGIN = '/api/auth/login'
const HOURS = 5
const AT_ONCE = 50
/** All from one stranger, at many addresses. */
const GUESSES = bounds.isFull ? 10_000 : 2_000

/** Items that count refusals of one kind, an account. */
async function counted(service: Service, id: string, event: string) {
  const items = await trailItems(service)
  return items.filter((item) => item.userId === id && item.event === event)
}

t.test(
  'a stranger’s wrong passwords at two instances, 10,000 of them with --full, leave one item of the trail an hour',
  async (t) => {
    const service = await startService(t)
    const other = await startService(t, { beside: service })
    const account = await service.signUp()
    service.clock.advance(HOUR - (service.clock() % HOUR))
    const first = service.clock()
    let sent = 0
    while (sent < GUESSES) {
      await parallel(AT_ONCE, (index) => {
        const { password } = newAccount()
        const remoteAddress = `198.51.100.${index}`
        const at = index % 2 === 0 ? service : other
        return at.post(LOGIN, { email: account.email, password }, { remoteAddress })
      })
      sent += AT_ONCE
      if ((sent * HOURS) % GUESSES === 0) service.clock.advance(HOUR)
    }
    const items = await counted(service, account.id, 'authn_login_fail')
    const hours = items.map(({ at }) => Math.floor((Date.parse(at) - first) / HOUR))
    t.same(
      hours.sort((a, b) => a - b),
      Array.from({ length: HOURS }, (_, hour) => hour),
    )
    t.ok(
      items.every(({ times = 0 }) => times > 0 && times <= 100),
      'of each hour only those that the limit has let through',
    )
  },
)

t.test(
  'wrong second factors and codes of mails leave one item of the trail an hour each',
  async (t) => {
    const service = await startService(t, { env: MAIL })
    const member = await newMember(service)
    const { account, app } = await withTotp(service, member)
    service.clock.advance(HOUR - (service.clock() % HOUR))
    const ticket = await ticketOf(service, account)
    const { flow, code } = await askToSignIn(service, account.email)
    const wrong = code === '00000000' ? '00000001' : '00000000'
    for (let tries = 0; tries < 200; tries++) {
      await service.post(FACTOR_SIGN_IN, { ticket, totp: app.wrongCode(tries % 5) })
      await service.post(CONFIRM, { flow, code: wrong })
    }
    service.clock.advance(MINUTE)
    for (const event of ['authn_factor_fail', 'authn_code_fail']) {
      const items = await counted(service, account.id, event)
      t.equal(items.length, 1, event)
    }
  },
)
