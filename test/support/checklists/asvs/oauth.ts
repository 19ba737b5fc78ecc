import type { Traces } from '../trace.js'

const AUDIENCES =
  'prove/audiences.test.ts: each verifier takes the tokens that are for it, and no other'

export const OAUTH: Traces = {
  'V10.1.1': [
    'social/sign-in.test.ts: V10.1.1 a new user arrives from a provider with two cookies and nothing in the URL',
    'security/oauth.test.ts: V10.1.1 TE-1 the token request leaves no token of the provider behind',
    'sessions/cookies.test.ts: a sign-in by cookie puts the tokens in HttpOnly cookies and not in the answer',
  ],
  'V10.1.2': [
    'social/evil-provider.test.ts: OA-3 V10.2.1 V10.1.2 a flow belongs to one browser, one provider and one use',
    'security/oauth.test.ts: OA-3 V10.1.2 the request to a provider is bound to the browser by a short-lived cookie',
    'client/app.test.ts: the client of an app signs no one in by an answer that was not asked for',
  ],
  'V10.2.1': [
    'security/oauth.test.ts: OA-5 V10.4.6 CVE-2023-31999 V10.2.1 the request to a provider is unlike any other',
    'social/evil-provider.test.ts: OA-3 V10.2.1 V10.1.2 a flow belongs to one browser, one provider and one use',
  ],
  'V10.2.2': [
    'social/evil-provider.test.ts: IS-1 OA-4 V10.2.2 an answer of another issuer than the provider is refused, errors too',
    'social/evil-provider.test.ts: OA-4 V10.2.2 CVE-2025-68158 the state of one provider is none at another',
    'client/app.test.ts: the client of an app refuses an answer from another issuer, or of none (RFC 9207)',
  ],
  'V10.3.1': [
    AUDIENCES,
    'relying-party/jwt.test.ts: latchkey/jwt refuses every token but its issuer’s',
  ],
  'V10.3.2': [
    'relying-party/verifier.test.ts: latchkey/verifier asks for scopes, a role, and a stronger or fresher sign-in',
    'api-keys/verification.test.ts: 403 for a scope that the API key has not',
    'security/http.test.ts: BR-3, BR-4: the Bearer challenge names the fault, and none where there was no token',
  ],
  'V10.3.3': [
    'social/sign-in.test.ts: V6.8.1 V10.3.3 one subject at two providers is two users',
    'social/identities.test.ts: V10.5.2 V10.3.3 an account follows the identity’s subject, not its address',
    'relying-party/jwt.test.ts: latchkey/jwt refuses every token but its issuer’s',
  ],
  'V10.3.4': [
    'relying-party/step-up.test.ts: to a relying party a level satisfies itself and the weaker ones of Latchkey',
    'relying-party/step-up.test.ts: to a relying party a sign-in is recent for maxAge seconds, whenever the token was made',
    'entry/authorizer.test.ts: the authorizer asks for a strong and recent sign-in by ACR_VALUES and MAX_AGE',
  ],
  'V10.4.1': [
    'oauth/authorize.test.ts: /oauth/authorize takes a redirect URI letter for letter',
    'oauth/clients/redirect-uri.test.ts: redirect URIs are compared letter for letter',
    'prove/authorization-requests.test.ts: nothing is redirected before client and redirect URI are proved',
    'security/oauth.test.ts: a sign-in at a provider refuses every near miss of returnTo, and begins nothing',
  ],
  'V10.4.2': [
    'oauth/exchange.test.ts: an app swaps a code once: of twenty at a time, one gets tokens',
    'oauth/exchange.test.ts: an app’s code that comes again later, or from elsewhere, ends the session that it made',
    'prove/authorization-codes.test.ts: a second redemption (RFC 6749 §4.1.2)',
  ],
  'V10.4.3': ['oauth/exchange.test.ts: an app swaps a code for 60 seconds'],
  'V10.4.4': [
    'security/oauth.test.ts: OA-11 OAuth discovery names no password grant, and no implicit one',
    'oauth/exchange.test.ts: grant types at /oauth/token are those of the client',
    'oauth/authorize.test.ts: /oauth/authorize tells the app what is wrong, signed in or not, and with whom the answer is from',
  ],
  'V10.4.5': [
    'prove/ratchet.test.ts: a token family has one live head in any order of what is presented (RFC 9700 §4.14.2)',
    'sessions/refresh.test.ts: a refresh token replayed after the grace window ends that session and no other',
    'oauth/app-sessions.test.ts: a spent refresh token of an app ends its session',
    'prove/refresh-origins.test.ts: who may ride along in the grace window, by a model',
  ],
  'V10.4.6': [
    'security/oauth.test.ts: OA-5 V10.4.6 CVE-2023-31999 V10.2.1 the request to a provider is unlike any other',
    'security/oauth.test.ts: PK-1 OA-5 OA-6 V10.4.6 the token request to a provider carries the challenge’s verifier',
    'oauth/authorize.test.ts: /oauth/authorize tells the app all else that is wrong',
    'oauth/exchange.test.ts: an app’s code is spent on the first request to /oauth/token that is wrong',
    'prove/authorization-codes.test.ts: what is refused, whatever else is right',
  ],
  'V10.4.7': [
    'oauth/client-documents.test.ts: 40 hostile client documents are refused',
    'oauth/unregistered-apps.test.ts: /oauth/authorize redirects to no place that the client document does not name',
    'oauth/unregistered-apps.test.ts: a person is asked each time for an unregistered OAuth client, and reads where the answer goes',
  ],
  'V10.4.8': [
    'sessions/sessions.test.ts: a session ends at its absolute age, however often refreshed (ASVS V7.3.2, V10.4.8)',
  ],
  'V10.4.9': [
    'oauth/consents.test.ts: a consent that is taken back ends the sessions of the app, and those of no other',
    'sessions/apps.test.ts: the session of an app is listed with the name of the app, and ended by its owner',
    'social/sign-in.test.ts: V10.4.9 a provider’s session is listed, refreshed by cookie and ended like any other',
  ],
  'V10.4.10': [
    'oauth/clients/authentication.test.ts: an OAuth client authenticates in no other way',
    'security/oauth.test.ts: V10.4.10 OA-1 the token request to a provider has client secret and redirect URI again',
    'oauth/app-sessions.test.ts: an app renews its tokens with no other client than its own, and at no other door',
    'oauth/par.test.ts: an app that has a secret proves it at /oauth/par',
    'oauth/app-sessions.test.ts: an app revokes its refresh token with its client secret, if it has one',
    'prove/authorization-codes.test.ts: a second redemption (RFC 6749 §4.1.2)',
  ],
  'V10.4.11': [
    'oauth/app-sessions.test.ts: a renewal of an app’s token is narrower where the app asks for less',
    'prove/app-tokens.test.ts: a token is for what was asked for at the authorization',
    'prove/app-tokens.test.ts: an app of others gets no rights of an administrator',
  ],
  'V10.5.1': [
    'social/evil-provider.test.ts: V10.5.1 the nonce of another flow at a provider, and our own tokens, are refused',
    'client/app.test.ts: the client of an app refuses an ID token of another issuer, app, attempt or time',
  ],
  'V10.5.2': [
    'social/identities.test.ts: V10.5.2 an identity’s address reassigned by its provider to another subject opens no account',
    'social/sign-in.test.ts: V10.5.2 a provider’s subject whose e-mail has changed is the same user',
  ],
  'V10.5.3': [
    'social/evil-provider.test.ts: V10.5.3 a provider’s discovery document of another issuer is refused',
    'social/presets.test.ts: V10.5.3 a discovery document of one Microsoft tenant is none of all',
  ],
  'V10.5.4': [
    'social/evil-provider.test.ts: V10.5.1 V10.5.4 V10.1.2 a provider’s ID token for another is refused',
  ],
  'V10.5.5': [
    {
      notApplicable:
        'No provider tells Latchkey of a logout: a session that began at one is its own from then on (decisions, Sessions at providers and at apps).',
    },
  ],
  'V10.6.1': [
    'oauth/authorize.test.ts: /oauth/authorize tells the app all else that is wrong',
    'security/oauth.test.ts: OA-11 OAuth discovery names no password grant, and no implicit one',
  ],
  'V10.6.2': [
    'pages/app-logout.test.ts: on the page where an app asks to sign out, the button alone signs its person out',
    'pages/app-logout.test.ts: nothing of another site signs a person out by the app’s logout page',
  ],
  'V10.7.1': [
    'oauth/unregistered-apps.test.ts: a person is asked each time for an unregistered OAuth client, and reads where the answer goes',
    'pages/consent.test.ts: the consent page says where an app on a device is, and asks each time',
    'pages/consent.test.ts: a yes on the consent page gives the app a code, and it does not ask for the same again',
  ],
  'V10.7.2': ['pages/consent.test.ts: the consent page says who asks for what, and in whose name'],
  'V10.7.3': [
    'oauth/consents.test.ts: a person lists consents to apps, and takes one back',
    'oauth/consents.test.ts: a consent that is taken back ends the sessions of the app, and those of no other',
  ],
}
