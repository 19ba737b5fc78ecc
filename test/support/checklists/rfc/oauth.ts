import type { Traces } from '../trace.js'

export const OAUTH: Traces = {
  'OA-1': [
    'oauth/clients/redirect-uri.test.ts: redirect URIs are compared letter for letter',
    'oauth/clients/redirect-uri.test.ts: redirect URIs take any port of a loopback address, and change nothing else',
    'oauth/authorize.test.ts: /oauth/authorize redirects nothing before client and redirect URI are proved',
    'prove/authorization-requests.test.ts: for each hostile redirect URI',
    'security/oauth.test.ts: OA-7 OA-1 a provider is asked for a code, at its exact redirect URI',
  ],
  'OA-2': [
    'security/oauth.test.ts: a sign-in at a provider refuses every near miss of returnTo, and begins nothing',
    'security/oauth.test.ts: a sign-in at a provider takes another returnTo only where a browser would stay with us',
    'pages/pages.test.ts: the sign-in page leads on to where it may, and nowhere else',
    'pages/app-logout.test.ts: the app’s logout page leads on only to where the app is registered with, letter for letter',
  ],
  'OA-3': [
    'social/evil-provider.test.ts: OA-3 V10.2.1 V10.1.2 a flow belongs to one browser, one provider and one use',
    'social/sign-in.test.ts: OA-3 OA-13 a provider’s callback visited twice opens one session',
    'oauth/authorize.test.ts: a request at /oauth/authorize waits in its browser alone',
  ],
  'OA-4': [
    'social/evil-provider.test.ts: IS-1 OA-4 V10.2.2 an answer of another issuer than the provider is refused, errors too',
    'social/evil-provider.test.ts: OA-4 V10.2.2 CVE-2025-68158 the state of one provider is none at another',
    'client/app.test.ts: the client of an app refuses an answer from another issuer, or of none (RFC 9207)',
  ],
  'OA-5': [
    'security/oauth.test.ts: OA-5 V10.4.6 CVE-2023-31999 V10.2.1 the request to a provider is unlike any other',
    'security/oauth.test.ts: PK-1 OA-5 OA-6 V10.4.6 the token request to a provider carries the challenge’s verifier',
    'client/app.test.ts: the client of an app signs in by a code with PKCE, a state and a nonce',
  ],
  'OA-6': [
    'security/oauth.test.ts: OA-6 the request to a provider is not talked out of S256 by what the provider says it can',
    'oauth/authorize.test.ts: /oauth/authorize tells the app all else that is wrong',
    'oauth/exchange.test.ts: an app’s code is spent on the first request to /oauth/token that is wrong',
    'oauth/exchange.test.ts: an app’s code is not spent on a token request that lacks a part, or that is of no app',
  ],
  'OA-7': [
    'oauth/authorize.test.ts: /oauth/authorize tells the app all else that is wrong',
    'security/oauth.test.ts: OA-7 OA-1 a provider is asked for a code, at its exact redirect URI',
    'security/oauth.test.ts: OA-11 OAuth discovery names no password grant, and no implicit one',
  ],
  'OA-8': [
    'prove/ratchet.test.ts: a token family has one live head in any order of what is presented (RFC 9700 §4.14.2)',
    'security/sessions.test.ts: GHSA-392p-2q2v-4372, CVE-2026-1035, hydra#3604, hydra#3004: ${count} parallel refreshes fork no family, and the replay of a rotated token kills it',
    'oauth/app-sessions.test.ts: a spent refresh token of an app ends its session',
    'oauth/app-sessions.test.ts: each renewal of an app’s tokens is for one API of the grant, as things are by now',
  ],
  'OA-9': [
    'sessions/sessions.test.ts: a session ends when it is idle too long, though DynamoDB has not deleted it (ASVS V7.3.1)',
    'security/sessions.test.ts: CVE-2026-22706: a new password ends the refresh tokens of other sessions',
    'sessions/sessions.test.ts: logout ends this session only',
    'sign-in/password-reset.test.ts: a password reset ends what apps hold of the account, at once',
  ],
  'OA-10': [
    'prove/app-tokens.test.ts: a token is for what was asked for at the authorization',
    'oauth/exchange.test.ts: the token for an app’s code is for what was granted (RFC 8707 §2.2)',
    'oauth/app-sessions.test.ts: a renewal of an app’s token is narrower where the app asks for less',
  ],
  'OA-11': [
    'oauth/exchange.test.ts: grant types at /oauth/token are those of the client',
    'security/oauth.test.ts: OA-11 OAuth discovery names no password grant, and no implicit one',
  ],
  'OA-12': ['support/answers.test.ts: the scan of the suite finds an answer that breaks a rule'],
  'OA-13': [
    'security/oauth.test.ts: OA-12 OA-13 OA-15 the request to a provider is a 302 that nobody keeps, frames or is told of',
    'social/evil-provider.test.ts: OA-13 a code that the provider would take again is not used again',
    'social/sign-in.test.ts: OA-3 OA-13 a copy of a provider’s flow cookie is good for nothing',
    'prove/authorization-codes.test.ts: a second redemption (RFC 6749 §4.1.2)',
  ],
  'OA-14': [
    'security/oauth.test.ts: OA-14 what a proxy may have said changes no redirect to a provider',
    'security/http.test.ts: CVE-2026-3635: who an HTTP request says it is for, or from, decides nothing',
  ],
  'OA-15': [
    'security/oauth.test.ts: OA-12 OA-13 OA-15 the request to a provider is a 302 that nobody keeps, frames or is told of',
    'security/http.test.ts: RS-1, PD-1: every answer has the security headers, every failure is a problem',
    'pages/pages.test.ts: every page has a policy that allows its own files alone, and weighs at most 30 kB',
  ],
  'OA-16': [
    'security/oauth.test.ts: OA-16 no answer of a provider ever comes over http',
    'oauth/clients/redirect-uri.test.ts: redirect URIs that are hostile may not be registered, with a reason, more than 100 of them',
  ],
  'PK-1': [
    'oauth/exchange.test.ts: PK-1: an app’s verifier is proved as RFC 7636 Appendix B has it',
    'security/oauth.test.ts: PK-1 OA-5 OA-6 V10.4.6 the token request to a provider carries the challenge’s verifier',
    'prove/authorization-codes.test.ts: what is refused, whatever else is right',
  ],
  'IS-1': [
    'social/evil-provider.test.ts: IS-1 OA-4 V10.2.2 an answer of another issuer than the provider is refused, errors too',
    'oauth/authorize.test.ts: /oauth/authorize tells the app what is wrong, signed in or not, and with whom the answer is from',
    'client/app.test.ts: the client of an app refuses an answer from another issuer, or of none (RFC 9207)',
  ],
  'RV-1': [
    'oauth/machine-tokens.test.ts: /oauth/revoke is content with a token that is none, or none any more',
    'oauth/machine-tokens.test.ts: /oauth/revoke of a refresh token takes its session along, and no other',
    'oauth/app-sessions.test.ts: the revocation of an app’s refresh token ends its session',
    'oauth/app-sessions.test.ts: userinfo stops with the session, at once',
    { decision: 'SECURITY.md#how-long-a-revocation-takes' },
  ],
  'IN-1': [
    'oauth/machine-tokens.test.ts: /oauth/introspect tells of every other token nothing but that it is not live',
    'oauth/machine-tokens.test.ts: /oauth/introspect is for clients who may',
    { decision: 'docs/security/decisions.md#introspection-tells-the-holder-of-a-key-why-it-ended' },
  ],
  'TE-1': [
    'oauth/machine-tokens.test.ts: TE-1: /oauth/token answers as RFC 6749 §5.1 wants, for no cache to keep',
    'oauth/exchange.test.ts: an app swaps a code for a token of its own for userinfo alone, where no API was granted',
  ],
  'TE-2': [
    'oauth/machine-tokens.test.ts: TE-2: /oauth/token says what was wrong (RFC 6749 §5.2)',
    'oauth/exchange.test.ts: an app’s code is spent on the first request to /oauth/token that is wrong',
  ],
}
