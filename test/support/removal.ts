import type { Test } from 'tap'
import { withTotp } from './factors.js'
import { newAdmin, type Owner } from './keys.js'
import { MAIL, mailsTo, proveAddress, type ReadMail } from './mail.js'
import { type EngineCall } from './proxy.js'
import { type Account, type Service, startService } from './service.js'

export const CANCEL = '/api/auth/factors/removal/cancel'
export const LOGIN = '/api/auth/login'

export const credentials = ({ email, password }: Account) => ({ email, password })

export type Options = NonNullable<Parameters<typeof startService>[1]>

/** A service with two administrators, and an account that has lost its second factor. */
export async function start(t: Test, options: Options = { env: MAIL }) {
  const service = await startService(t, options)
  const [ada, bob] = [await newAdmin(service), await newAdmin(service)]
  return { service, ada, bob, ...(await loseFactors(service, ada)) }
}

/** An account that has lost its second factor, and what is done about it. */
export async function loseFactors(service: Service, ada: Owner) {
  const lost = await withTotp(service)
  const { account } = lost
  await proveAddress(service, account.id)
  const begin = (by = ada, id = account.id) => by.admin('POST', `/${id}/factors-removal`)
  const confirm = (by: Owner, id = account.id) => by.admin('POST', `/${id}/factors-removal/confirm`)
  const takeBack = (by: Owner, id = account.id) => by.admin('DELETE', `/${id}/factors-removal`)
  const signIn = () => service.post(LOGIN, credentials(account))
  return { ...lost, begin, confirm, takeBack, signIn }
}

export const storedOf = async (service: Service, id: string) =>
  service.services.users.store.findById(id)

export async function hasFactors(service: Service, id: string): Promise<boolean> {
  const user = await storedOf(service, id)
  return user?.totp !== undefined
}

/** The mail of a kind that an account got. */
export async function mailOf(
  service: Service,
  { email }: Account,
  wanted: string,
): Promise<ReadMail> {
  const mail = (await mailsTo(service, email)).find(({ kind }) => kind === wanted)
  if (!mail) throw new Error(`no mail of the kind ${wanted}`)
  return mail
}

export const acts = (service: Service) =>
  service
    .events('authz_admin')
    .map(({ action }) => String(action))
    .filter((action) => action.includes('factors'))

export const refused = (status: number, code: string) => ({ status, body: { code } })
export const NEEDS_FACTOR = refused(401, 'SECOND_FACTOR_REQUIRED')
export const NOT_FOUND = refused(404, 'FACTORS_REMOVAL_NOT_FOUND')
export const TOO_NEW = refused(409, 'ADMINISTRATOR_TOO_NEW')
export const NEEDS_SECOND = refused(409, 'SECOND_ADMINISTRATOR_REQUIRED')

export const isRemoval = ({ operation, body }: EngineCall): boolean =>
  operation === 'TransactWriteItems' && body.includes('factorsRemoval')
