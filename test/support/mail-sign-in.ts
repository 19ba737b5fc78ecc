import type { ReadMail } from './mail.js'
import { lastMail, proveAddress } from './mail.js'
import { MINUTE } from './clock.js'
import { jarOf } from './pages.js'
import type { Account, Call, Service } from './service.js'

export const ASK = '/api/auth/login/email'
export const CONFIRM = '/api/auth/login/email/confirm'

/** What a browser says of a script of our own pages. */
export const OWN_SCRIPT = { 'sec-fetch-site': 'same-origin' }

/** An account that has proved its address. */
export async function newMember(service: Service): Promise<Account> {
  const account = await service.signUp()
  await proveAddress(service, account.id)
  return account
}

export interface AskedMail extends ReadMail {
  readonly flow: string
}

/** Asks for a mail to sign in with, and reads it. */
export async function askToSignIn(
  service: Service,
  email: string,
  call?: Call,
): Promise<AskedMail> {
  service.clock.advance(MINUTE)
  const { status, body } = await service.post(ASK, { email }, call)
  if (status !== 202) throw new Error(`asking for a mail answered ${status} ${body?.code}`)
  return { ...(await lastMail(service, email)), flow: body.flow }
}

export const byCode = ({ flow, code }: AskedMail) => ({ flow, code })
export const byLink = ({ flow, secret: ticket }: AskedMail) => ({ flow, ticket })

/** The cookies of a browser that an account knows, and that is signed out. */
export async function knownBrowser(
  service: Service,
  { email, password }: Account,
): Promise<Record<string, string>> {
  const body = { email, password, useCookies: true }
  const jar = jarOf(await service.post('/api/auth/login', body, { headers: OWN_SCRIPT }))
  return Object.fromEntries(Object.entries(jar).filter(([name]) => name.endsWith('_device')))
}
