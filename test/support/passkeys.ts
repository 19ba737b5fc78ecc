import { type Forgery, type PasskeySettings, SoftPasskey } from './authenticator.js'
import type { Account, Answer, Call, Service } from './service.js'

export const PASSKEYS = '/api/auth/passkeys'
export const CREATION = `${PASSKEYS}/options`
export const PASSKEY_SIGN_IN = '/api/auth/login/passkey'
export const REQUEST = `${PASSKEY_SIGN_IN}/options`

/** A passkey of the service's own pages. */
export const newPasskey = ({ config }: Service, settings: Omit<PasskeySettings, 'origin'> = {}) =>
  new SoftPasskey({ origin: config.issuer, ...settings })

/** Makes a passkey in the session of a token. */
export async function addPasskey(
  service: Service,
  token: string,
  passkey: SoftPasskey,
  { name, ...forgery }: Forgery & { readonly name?: string } = {},
): Promise<Answer> {
  const options = await service.post(CREATION, undefined, { token })
  if (options.status !== 200) return options
  const attestation = passkey.create(options.body, forgery)
  return service.post(PASSKEYS, { attestation, ...(name !== undefined && { name }) }, { token })
}

/** An assertion to a challenge of its own. */
export async function assertionOf(service: Service, passkey: SoftPasskey, forgery?: Forgery) {
  const { body } = await service.post(REQUEST)
  return passkey.get(body, forgery)
}

export async function signInWith(
  service: Service,
  passkey: SoftPasskey,
  forgery?: Forgery,
  call?: Call,
): Promise<Answer> {
  const assertion = await assertionOf(service, passkey, forgery)
  return service.post(PASSKEY_SIGN_IN, { assertion }, call)
}

/** An account with one passkey, and the token of the session that made it. */
export async function withPasskey(
  service: Service,
  settings: Omit<PasskeySettings, 'origin'> = {},
): Promise<{
  readonly account: Account
  readonly passkey: SoftPasskey
  readonly id: string
  readonly recoveryCodes: readonly string[]
}> {
  const account = await service.signUp()
  const { accessToken } = await service.signIn(account)
  const passkey = newPasskey(service, settings)
  const { status, body } = await addPasskey(service, accessToken, passkey)
  if (status !== 201) throw new Error(`the passkey was answered ${status} ${body?.code}`)
  return { account, passkey, id: body.passkey.id, recoveryCodes: body.recoveryCodes }
}
