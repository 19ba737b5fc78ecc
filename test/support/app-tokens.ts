import { createHash, randomBytes } from 'node:crypto'
import { decodeJwt } from 'jose'
import type { CodeRecord } from '../../src/oauth/authorization/codes.js'
import type { AppClient } from '../../src/oauth/clients/client.js'
import { basicOf, registeredApp } from './apps.js'
import type { Account, Answer, Call, Service, SignedIn } from './service.js'
import { type Form, postForm } from './social.js'
import { recordSecret } from './transcript.js'

const CALLBACK = 'https://orders.example.com/callback'

/** The S256 challenge of a verifier (RFC 7636 §4.2). */
const challengeOf = (verifier: string): string =>
  createHash('sha256').update(verifier).digest('base64url')

/** What an app holds after its person has said yes. */
export interface Held {
  readonly code: string
  readonly verifier: string
  readonly record: CodeRecord
}

/** An app, a person who is signed in at Latchkey, and what the app may do with both. */
export interface SignedInApp {
  readonly client: AppClient
  readonly account: Account
  /** At Latchkey itself. */
  readonly browser: SignedIn
  /** A code as the authorization makes it. */
  newCode(overrides?: Partial<CodeRecord>): Promise<Held>
  /** Asks the token endpoint as the app. */
  ask(form: Form, call?: Call): Promise<Answer>
  redeem(held: Held, form?: Form, call?: Call): Promise<Answer>
  refresh(refreshToken: string, form?: Form, call?: Call): Promise<Answer>
  /** A new grant, from the code to the tokens. */
  tokens(overrides?: Partial<CodeRecord>): Promise<AppTokensBody>
  /** Whether a refresh token still has a session behind it; where it has, it is spent. */
  isAlive(refreshToken: string): Promise<boolean>
}

export interface AppTokensBody {
  readonly access_token: string
  readonly refresh_token: string
  readonly id_token?: string
  readonly scope: string
  readonly expires_in: number
}

/** A public app, not the team's own, unless told otherwise. */
export async function signInToApp(
  service: Service,
  overrides: Partial<AppClient> = {},
  account?: Account,
): Promise<SignedInApp> {
  const { client, secret } = await registeredApp(service, { isPublic: true, ...overrides })
  const person = account ?? (await service.signUp())
  const browser = await service.signIn(person)
  const sessionId = String(decodeJwt(browser.accessToken).sid)
  const headers = client.isPublic ? {} : { authorization: basicOf(client.clientId, secret) }

  const newCode = async (record: Partial<CodeRecord> = {}): Promise<Held> => {
    const { codes } = await service.services.late.load()
    const verifier = randomBytes(32).toString('base64url')
    const made: CodeRecord = {
      userId: person.id,
      epoch: 0,
      sessionId,
      clientId: client.clientId,
      clientName: client.name,
      redirectUri: CALLBACK,
      challenge: challengeOf(verifier),
      scopes: ['openid'],
      resources: [],
      amr: ['pwd'],
      authTime: service.clock(),
      ...record,
    }
    const code = codes.newCode(made.userId)
    recordSecret('token', code)
    recordSecret('token', verifier)
    await service.services.database.writeTogether(codes.putting(code, made))
    return { code, verifier, record: made }
  }
  const ask = async (form: Form, call: Call = {}): Promise<Answer> => {
    const named = client.isPublic ? { client_id: client.clientId } : {}
    const answer = await postForm(
      service,
      'token',
      { ...named, ...form },
      { ...call, headers: { ...headers, ...call.headers } },
    )
    recordSecret('token', answer.body?.refresh_token)
    recordSecret('token', answer.body?.id_token)
    return answer
  }
  const redeem = ({ code, verifier }: Held, form: Form = {}, call?: Call) =>
    ask(
      {
        grant_type: 'authorization_code',
        code,
        redirect_uri: CALLBACK,
        code_verifier: verifier,
        ...form,
      },
      call,
    )
  const refresh = (refreshToken: string, form: Form = {}, call?: Call) =>
    ask({ grant_type: 'refresh_token', refresh_token: refreshToken, ...form }, call)
  return {
    client,
    account: person,
    browser,
    newCode,
    ask,
    redeem,
    refresh,
    async tokens(record) {
      const { status, body } = await redeem(await newCode(record))
      if (status !== 200) throw new Error(`no tokens: ${status} ${body?.error_description}`)
      return body
    },
    isAlive: async (refreshToken) => (await refresh(refreshToken)).status === 200,
  }
}
