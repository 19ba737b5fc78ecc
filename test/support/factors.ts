import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { decodeJwt } from 'jose'
import { Secret, TOTP as Generator } from 'otpauth'
import type { Account, Answer, Call, Service } from './service.js'
import { recordSecret } from './transcript.js'

export const FACTORS = '/api/auth/factors'
export const TOTP = `${FACTORS}/totp`
export const CONFIRM_TOTP = `${TOTP}/confirm`
export const RECOVERY_CODES = `${FACTORS}/recovery-codes`
export const FACTOR_SIGN_IN = '/api/auth/login/factor'

const STEP_MS = 30_000

/** A service as its clients reach it, in this process or in another. */
interface Reached {
  post(url: string, body?: unknown, call?: Call): Promise<Pick<Answer, 'status' | 'body'>>
}

/** An app on a phone that was given a secret. Its clock is that of the service. */
export class AuthenticatorApp {
  readonly #service: Pick<Service, 'clock'>
  readonly #secret: string

  /** @param secret Base32. */
  constructor(service: Pick<Service, 'clock'>, secret: string) {
    this.#service = service
    this.#secret = secret
    recordSecret('factor', secret)
  }

  /** The same secret where another clock runs. */
  at(service: Pick<Service, 'clock'>): AuthenticatorApp {
    return new AuthenticatorApp(service, this.#secret)
  }

  /** What it shows now, or so many steps later. */
  code(steps = 0): string {
    const timestamp = this.#service.clock() + steps * STEP_MS
    return Generator.generate({ secret: Secret.fromBase32(this.#secret), timestamp })
  }

  /** What it shows once the code before has been used. */
  nextCode(): string {
    this.#service.clock.advance(STEP_MS)
    return this.code()
  }

  /** A code that it shows neither now nor a few steps before or after. */
  wrongCode(index = 0): string {
    const near = new Set([-2, -1, 0, 1, 2].map((steps) => this.code(steps)))
    const codes = Array.from({ length: 6 }, (_, at) => String(index * 6 + at).padStart(6, '0'))
    return codes.find((code) => !near.has(code)) as string
  }
}

/** What an enrolment gives its person. */
export interface Enrolled {
  readonly app: AuthenticatorApp
  readonly recoveryCodes: readonly string[]
}

/** Adds an authenticator app in the session of a token. */
export async function addTotp(
  service: Reached & Pick<Service, 'clock'>,
  token: string,
): Promise<Enrolled> {
  const begun = await service.post(TOTP, undefined, { token })
  if (begun.status !== 200) throw new Error(`enrolment answered ${begun.status}`)
  const app = new AuthenticatorApp(service, begun.body.secret as string)
  const confirmed = await service.post(CONFIRM_TOTP, { code: app.code() }, { token })
  if (confirmed.status !== 200) throw new Error(`confirmation answered ${confirmed.status}`)
  return { app, recoveryCodes: recoveryCodesOf(confirmed) }
}

/** The codes of an answer, which nothing else may show. */
export function recoveryCodesOf({ body }: Pick<Answer, 'body'>): readonly string[] {
  const { recoveryCodes = [] } = body as { readonly recoveryCodes?: readonly string[] }
  for (const code of recoveryCodes) recordSecret('factor', code)
  return recoveryCodes
}

/** An account with an authenticator app, whose next code is a new one. */
export async function withTotp(
  service: Service,
  account?: Account,
): Promise<Enrolled & { readonly account: Account; readonly token: string }> {
  const holder = account ?? (await service.signUp())
  const { accessToken: token } = await service.signIn(holder)
  const enrolled = await addTotp(service, token)
  service.clock.advance(STEP_MS)
  return { ...enrolled, account: holder, token }
}

/** What proves a second factor. */
export type Proof = { readonly totp: string } | { readonly recoveryCode: string }

/** The ticket of a sign-in that lacks a second factor. */
export async function ticketOf(
  service: Reached,
  { email, password }: Account,
  call?: Call,
): Promise<string> {
  const { status, body } = await service.post('/api/auth/login', { email, password }, call)
  if (body.code !== 'SECOND_FACTOR_REQUIRED') {
    throw new Error(`sign-in answered ${status} ${body.code}`)
  }
  return body.ticket as string
}

/** Tickets of so many sign-ins. */
export async function ticketsFor(
  service: Reached,
  account: Account,
  count: number,
): Promise<string[]> {
  const tickets: string[] = []
  // One after the other: passwords are counted too while they are compared.
  while (tickets.length < count) tickets.push(await ticketOf(service, account))
  return tickets
}

/** Both steps of a sign-in. @returns the answer of the second. */
export async function signInWithFactor(
  service: Service,
  account: Account,
  proof: Proof,
  call?: Call,
): Promise<Answer> {
  const ticket = await ticketOf(service, account, call)
  return service.post(FACTOR_SIGN_IN, { ticket, ...proof }, call)
}

/** Lets the session of a token have proved both factors. */
export async function proveFactors(
  { client, config, clock }: Service,
  token: string,
): Promise<void> {
  const { sub: userId, sid: sessionId } = decodeJwt(token)
  await DynamoDBDocumentClient.from(client).send(
    new UpdateCommand({
      TableName: config.tables.refreshTokens,
      Key: { userId, sessionId },
      UpdateExpression: 'SET amr = :amr, authTime = :now',
      ExpressionAttributeValues: { ':amr': ['pwd', 'otp', 'mfa'], ':now': clock() },
    }),
  )
}

/** Lets an account have no recovery codes left. */
export async function loseRecoveryCodes(
  { client, config }: Service,
  { id }: Account,
): Promise<void> {
  await DynamoDBDocumentClient.from(client).send(
    new UpdateCommand({
      TableName: config.tables.users,
      Key: { pk: `USER#${id}` },
      UpdateExpression: 'REMOVE recoveryCodes',
    }),
  )
}
