import t from 'tap'
import { DAY, HOUR, MINUTE } from '../support/clock.js'
import { addTotp, FACTOR_SIGN_IN, ticketOf } from '../support/factors.js'
import {
  bySum,
  byStatus,
  newAddress,
  startPair,
  walkOver,
  windowsOf,
} from '../support/limits-model.js'
import { countMails, MAIL } from '../support/mail.js'
import { ASK, CONFIRM, knownBrowser, newMember, OWN_SCRIPT } from '../support/mail-sign-in.js'
import { type Account, type Call, newAccount, type Service } from '../support/service.js'

const PER_ACCOUNT = 4
const ENV = { ...MAIL, RATE_LIMIT_PER_ACCOUNT: String(PER_ACCOUNT) }

const PASSWORDS = { limit: PER_ACCOUNT, windowAt: windowsOf(15 * MINUTE) }
const MAILS = { limit: 3, windowAt: windowsOf(HOUR) }
const MAILS_OF_KNOWN_BROWSER = { ...MAILS, limit: 6 }
const CODES = { limit: 10, windowAt: windowsOf(DAY) }
const FACTORS = [
  { limit: 10, windowAt: windowsOf(15 * MINUTE) },
  { limit: 30, windowAt: windowsOf(DAY) },
]

/** Two of them, of the three that there may be in a day. */
const FULL_WINDOWS = (['ask', 'to the next window', 'ask', 'to the next window'] as const).map(
  (step) => ({ step, on: 0, count: 10, by: 0 }) as const,
)

const NO_RECOVERY_CODE = 'AAAA-AAAA-AAAA-AAAA-AAAA-AAAA'

t.test(
  'guesses and mails are bounded in each window on two instances whose clocks differ',
  async (t) => {
    const instances = await startPair(t, ENV)
    const [first] = instances

    /** Mails that an account gets, each asked for from another network. */
    const mailsTo = ({ id, email }: Account, call: Call = {}) =>
      bySum(
        202,
        (on) => on.post(ASK, { email }, { ...call, remoteAddress: newAddress() }),
        () => countMails(first, id),
      )

    /** Wrong codes, each of a flow that has had none. */
    const wrongCodes = async () => {
      const { email } = await newMember(first)
      const ask = async (on: Service) => {
        const call = { remoteAddress: newAddress() }
        const { body } = await on.post(ASK, { email }, call)
        return on.post(CONFIRM, { flow: body.flow, code: '00000000' }, call)
      }
      const compared = () => instances.flatMap((each) => each.events('authn_code_fail')).length
      return bySum(400, ask, compared)
    }

    await walkOver(t, instances, {
      'wrong passwords of an account'() {
        const { email } = newAccount()
        const ask = byStatus(401, (on) => {
          const { password } = newAccount()
          return on.post('/api/auth/login', { email, password }, { remoteAddress: newAddress() })
        })
        return { bounds: [PASSWORDS], ask }
      },
      'mails to an address': async () => ({
        bounds: [MAILS],
        ask: mailsTo(await newMember(first)),
      }),
      async 'mails to an address from a known browser'() {
        const account = await newMember(first)
        const cookies = await knownBrowser(first, account)
        return {
          bounds: [MAILS_OF_KNOWN_BROWSER],
          ask: mailsTo(account, { cookies, headers: OWN_SCRIPT }),
        }
      },
      'wrong codes of an account': async () => ({ bounds: [CODES], ask: await wrongCodes() }),
      async 'wrong second factors of an account'() {
        const account = await first.signUp()
        const { app } = await addTotp(first, (await first.signIn(account)).accessToken)
        let asked = 0
        const wrongProof = (on: Service) =>
          ++asked % 2 === 0 ? { totp: app.at(on).wrongCode() } : { recoveryCode: NO_RECOVERY_CODE }
        return {
          bounds: FACTORS,
          opening: FULL_WINDOWS,
          async ask(on, count) {
            const ticket = await ticketOf(on, account)
            const guess = () => on.post(FACTOR_SIGN_IN, { ticket, ...wrongProof(on) })
            return byStatus(401, guess)(on, count)
          },
        }
      },
    })
  },
)
