import { wordsOf } from '../../lib/words.js'
import type { AppClient } from '../clients/client.js'
import { matchesRedirect } from '../clients/redirect-uri.js'
import { refuseUnless } from '../errors.js'
import { redirectUriUnknown } from './errors.js'
import {
  type Addressee,
  type AuthorizationRequest,
  type Parameters,
  type Prompt,
  PROMPTS,
} from './request.js'
import { PARAMETERS, REPEATABLE } from './schemas.js'
import { grantable, type Served } from './scopes.js'

/** What would bring parameters past the browser, and is none of ours (OpenID Connect Core 1.0 §6, §7.2.1). */
const UNSUPPORTED = {
  request: 'request_not_supported',
  request_uri: 'request_uri_not_supported',
  registration: 'registration_not_supported',
} as const

const MAX_LENGTH = new Map<string, number>([
  ...Object.entries(PARAMETERS).map(([name, [length]]): [string, number] => [name, length]),
  ...Object.keys(UNSUPPORTED).map((name): [string, number] => [name, Infinity]),
])

const MAX_RESOURCES = 20

const WRONG = 'invalid_request'

/** BASE64URL of a SHA-256 (RFC 7636 §4.2). */
const CHALLENGE = /^[A-Za-z0-9_-]{43}$/
const MAX_AGE = /^\d{1,9}$/

/** @returns the parameters that mean something here; one without a value is omitted (RFC 6749 §3.1). */
export function parametersOf(given: unknown): Parameters {
  const sent = Object.entries(typeof given === 'object' && given !== null ? given : {})
  const read = sent.flatMap(([name, value]: [string, unknown]): [string, string | string[]][] => {
    const values = [value].flat().filter(isValue)
    const [first] = values
    if (first === undefined || !MAX_LENGTH.has(name)) return []
    return [[name, values.length === 1 ? first : values]]
  })
  return Object.fromEntries(read)
}

const isValue = (value: unknown): value is string => typeof value === 'string' && value !== ''

/** The value of a parameter that comes once; undefined for any other. */
export function once(parameters: Parameters, name: string): string | undefined {
  const value = parameters[name]
  return typeof value === 'string' ? value : undefined
}

/**
 * Where answers go.
 * @throws {Problem} REDIRECT_URI_UNKNOWN: nothing may be redirected.
 */
export function addresseeOf(parameters: Parameters, { redirectUris }: AppClient): Addressee {
  const redirectUri = once(parameters, 'redirect_uri') ?? ''
  if (!redirectUris.some((registered) => matchesRedirect(registered, redirectUri))) {
    throw redirectUriUnknown()
  }
  const state = once(parameters, 'state')
  // What is too long to be taken is too long to be sent back.
  return { redirectUri, state: (state?.length ?? 0) > PARAMETERS.state[0] ? undefined : state }
}

/**
 * What a request says, against what is registered and declared here.
 * @throws {OAuthError} which its app is told.
 */
export function requestOf(
  parameters: Parameters,
  { client, to, served }: { client: AppClient; to: Addressee; served: Served },
): AuthorizationRequest {
  checkForm(parameters)
  const value = (name: keyof typeof PARAMETERS) => once(parameters, name)
  const prompts = wordsOf(value('prompt') ?? '')
  refuseUnless(prompts.every(isPrompt), WRONG, 'prompt has a value that is not supported')
  refuseUnless(prompts.length < 2 || !prompts.includes('none'), WRONG, 'prompt=none stands alone')
  const maxAge = value('max_age')
  refuseUnless(MAX_AGE.test(maxAge ?? '0'), WRONG, 'max_age must be a number of seconds')
  const resources = [parameters.resource ?? []].flat()
  return {
    ...to,
    ...grantable(client, { scopes: wordsOf(value('scope') ?? ''), resources }, served),
    nonce: value('nonce'),
    challenge: value('code_challenge') as string,
    prompts,
    maxAge: maxAge === undefined ? undefined : Number(maxAge),
    acrValues: wordsOf(value('acr_values') ?? ''),
    provider: value('provider'),
  }
}

/** What is so of every request. */
function checkForm(parameters: Parameters): void {
  for (const [name, length] of MAX_LENGTH) {
    const values = [parameters[name] ?? []].flat()
    refuseUnless(values.length < 2 || name === REPEATABLE, WRONG, `Send ${name} once`)
    refuseUnless(values.length <= MAX_RESOURCES, WRONG, `Too many of ${name}`)
    refuseUnless(!values.some((value) => value.length > length), WRONG, `${name} is too long`)
  }
  for (const [name, code] of Object.entries(UNSUPPORTED)) {
    refuseUnless(parameters[name] === undefined, code, `${name} is not supported`)
  }
  const { response_type: type, response_mode: mode = 'query' } = parameters
  refuseUnless(type !== undefined, WRONG, 'response_type is missing')
  refuseUnless(type === 'code', 'unsupported_response_type', 'response_type must be code')
  refuseUnless(mode === 'query', WRONG, 'response_mode must be query')
  const { code_challenge: challenge, code_challenge_method: method } = parameters
  refuseUnless(challenge !== undefined, WRONG, 'code_challenge is missing')
  // RFC 7636 §4.3: what says nothing means `plain`.
  refuseUnless(method === 'S256', WRONG, 'code_challenge_method must be S256')
  const isChallenge = CHALLENGE.test(String(challenge))
  refuseUnless(isChallenge, WRONG, 'code_challenge must be the base64url of a SHA-256')
}

const isPrompt = (word: string): word is Prompt => (PROMPTS as readonly string[]).includes(word)
