import t from 'tap'
import { DAY } from '../support/clock.js'
import { lastMail, MAIL, mailsTo } from '../support/mail.js'
import { type Account, newAccount, type Service, startService } from '../support/service.js'
import { parallel, tally } from '../support/tally.js'

const ADDRESSES = 1000
const GUESSES = 10_000
const AT_ONCE = 50

const CONFIRM = '/api/auth/email/verification/confirm'
const FORGOT = '/api/auth/password/forgot'
const RESET = '/api/auth/password/reset'

const addressOf = (index: number) =>
  `198.51.${Math.floor((index % ADDRESSES) / 250)}.${index % 250}`

/** An account, and the flow of the mail that is to prove its address. */
async function register(service: Service): Promise<Account & { readonly flow: string }> {
  const account = newAccount()
  const { email, password } = account
  const { status, body } = await service.post('/api/auth/register', { email, password })
  if (status !== 201) throw new Error(`registration answered ${status}`)
  return { ...account, id: body.user.id, flow: body.flow }
}

/** Any code but the right ones. */
const wrongCode = (right: readonly string[], index: number): string => {
  const code = String(index).padStart(8, '0')
  return right.includes(code) ? '99999999' : code
}

/** Sends all guesses, some at once. @returns how often each status was answered. */
async function guess(
  service: Service,
  url: string,
  guesses: number,
  bodyOf: (index: number) => object,
): Promise<Record<string, number>> {
  const statuses: number[] = []
  for (let start = 0; start < guesses; start += AT_ONCE) {
    const answers = await parallel(AT_ONCE, (offset) =>
      service.post(url, bodyOf(start + offset), { remoteAddress: addressOf(start + offset) }),
    )
    statuses.push(...answers.map(({ status }) => status))
  }
  return tally(statuses)
}

t.test(`of ${GUESSES} codes from ${ADDRESSES} addresses`, async (t) => {
  const service = await startService(t, { env: MAIL })
  const compared = () => service.events('authn_code_fail').length

  t.test('five are compared for a flow, and its link stays good', async (t) => {
    const { email, password, flow } = await register(service)
    const { code, secret: ticket } = await lastMail(service, email)
    const before = compared()
    const answers = await guess(service, CONFIRM, GUESSES, (index) => ({
      flow,
      code: wrongCode([code], index),
    }))
    t.same(answers, { 400: GUESSES })
    t.equal(compared() - before, 5)
    t.equal((await service.post(CONFIRM, { flow, code })).status, 400, 'not the right one either')
    t.equal((await service.post(CONFIRM, { ticket, password })).status, 200)
  })

  t.test('ten are compared for an account in a day, over a flow for each address', async (t) => {
    const { email } = await register(service)
    const { password: newPassword } = newAccount()
    for (const [day, guesses] of Object.entries({ 'one day': GUESSES, 'the next': ADDRESSES })) {
      const flows: string[] = []
      for (let index = 0; index < guesses / 10; index++) {
        const call = { remoteAddress: addressOf(index) }
        flows.push((await service.post(FORGOT, { email }, call)).body.flow)
      }
      const codes = await codesTo(service, email)
      const before = compared()
      const answers = await guess(service, RESET, guesses, (index) => {
        const flow = flows[index % flows.length]
        return { flow, code: wrongCode(codes, index), newPassword }
      })
      t.same(answers, { 400: guesses })
      t.equal(compared() - before, 10, `on ${day}`)
      service.clock.advance(DAY)
    }
  })
})

const codesTo = async (service: Service, email: string): Promise<string[]> =>
  (await mailsTo(service, email)).map(({ code }) => code)
