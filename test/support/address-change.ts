import { SECOND } from './clock.js'
import { lastMail, type ReadMail } from './mail.js'
import { type Account, type Answer, newAccount, type Service } from './service.js'

export const CHANGE = '/api/auth/email'
export const CONFIRM = '/api/auth/email/confirm'
export const UNDO = '/api/auth/email/undo'

/** An address that no account has. */
export const newAddress = (): string => newAccount().email

/** Asks for another address, and reads the mail that it gets. */
export async function askForAddress(
  service: Service,
  token: string,
  newEmail: string,
): Promise<ReadMail> {
  service.clock.advance(SECOND)
  const { status, body } = await service.post(CHANGE, { newEmail }, { token })
  if (status !== 202) throw new Error(`the request answered ${status} ${body?.code}`)
  return lastMail(service, newEmail.toLowerCase())
}

/** An account that has another address. */
export interface Changed {
  readonly account: Account
  /** Of the session that has asked for it. */
  readonly token: string
  readonly answer: Answer
  /** What the old address gets. */
  readonly notice: ReadMail
}

/** Changes the address of an account, in a session that has just begun. */
export async function changeAddress(
  service: Service,
  account: Account,
  to = newAddress(),
): Promise<Changed> {
  const { accessToken: token } = await service.signIn(account)
  const { code } = await askForAddress(service, token, to)
  service.clock.advance(SECOND)
  const answer = await service.post(CONFIRM, { code }, { token })
  if (answer.status !== 200) throw new Error(`the code answered ${answer.status}`)
  const notice = await lastMail(service, account.email)
  return { account: { ...account, email: to }, token, answer, notice }
}

/** Whether a password opens the account of an address. */
export const canSignIn = async (service: Service, email: string, password: string) =>
  (await service.post('/api/auth/login', { email, password })).status === 200
