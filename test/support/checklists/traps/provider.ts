import type { Traces } from '../trace.js'

export const PROVIDER: Traces = {
  '24': [
    'oauth/authorize.test.ts: /oauth/authorize tells the app all else that is wrong',
    'oauth/exchange.test.ts: an app’s code is not spent on a token request that lacks a part, or that is of no app',
    'prove/authorization-codes.test.ts: what is refused, whatever else is right',
  ],
  '25': [
    'oauth/exchange.test.ts: an app’s code is spent on the first request to /oauth/token that is wrong',
    'prove/authorization-codes.test.ts: what spends a code at its first use',
  ],
  '26': [
    'prove/authorization-requests.test.ts: for each hostile redirect URI',
    'prove/authorization-requests.test.ts: and of loopback, the port alone may be another',
    'oauth/clients/redirect-uri.test.ts: redirect URIs are compared letter for letter',
  ],
  '27': [
    'oauth/authorize.test.ts: /oauth/authorize redirects nothing before client and redirect URI are proved',
    'prove/authorization-requests.test.ts: for clients that are none, or not one',
    'oauth/unregistered-apps.test.ts: a person takes the refusal of a faulty OAuth request to the app by a link',
  ],
  '28': [
    'oauth/unregistered-apps.test.ts: a person is asked each time for an unregistered OAuth client, and reads where the answer goes',
    'oauth/consents.test.ts: an app that no certificate tells apart asks for consent each time',
    'pages/consent.test.ts: no other site and no other browser answers the consent page',
    'pages/pages.test.ts: every page has a policy that allows its own files alone, and weighs at most 30 kB',
  ],
  '29': [
    'oauth/app-sessions.test.ts: an app renews its tokens with no other client than its own, and at no other door',
    'sessions/apps.test.ts: an app’s refresh token is refused without its client and with another one, at no cost',
    'prove/app-tokens.test.ts: the refresh token of an app is refused everywhere but at its own client',
  ],
  '30': [
    'prove/authorization-codes.test.ts: 50 refreshes at once, over four instances: each gets the one successor',
    'sessions/apps.test.ts: an app’s refresh token gets its client one successor, from any number of calls at once',
    'prove/authorization-model.test.ts: whatever an app, its person and a thief do in whatever order',
  ],
  '31': [
    'oauth/exchange.test.ts: the token for an app’s code is for what was granted (RFC 8707 §2.2)',
    'oauth/app-sessions.test.ts: each renewal of an app’s tokens is for one API of the grant, as things are by now',
  ],
  '32': [
    'oauth/clients/clients.test.ts: OAuth clients are the business of administrators who have signed in lately',
    'oauth/client-documents.test.ts: no client document is fetched without a person, and such an app is known to be public alone',
    'oauth/authorize.test.ts: /oauth/authorize tells the app all else that is wrong',
  ],
  '33': [
    'security/foreign.test.ts: V1.3.6 the fetcher of foreign URLs connects only to global unicast addresses',
    'security/foreign.test.ts: no other foreign URL is fetched',
    'security/foreign.test.ts: a foreign URL is fetched as a small JSON document, at the address that was checked',
    'security/foreign.test.ts: no other answer of a foreign URL is taken',
    'oauth/client-documents.test.ts: 40 hostile client documents are refused',
  ],
  '34': [
    'oauth/authorize.test.ts: /oauth/authorize tells the app what is wrong, signed in or not, and with whom the answer is from',
    'client/app.test.ts: the client of an app refuses an answer from another issuer, or of none (RFC 9207)',
  ],
  '35': [
    'oauth/discovery.test.ts: an app finds all that it needs in the discovery document (RFC 8414 §2)',
    'prove/mcp.test.ts: a client that a document describes',
  ],
  '36': [
    'oauth/exchange.test.ts: grant types at /oauth/token are those of the client',
    {
      notApplicable:
        'There is no device flow (RFC 8628): its grant type is refused. RFC 8628 §5.4 has no remedy for phishing with codes, and the command line signs in by loopback and PKCE.',
    },
  ],
  '37': [
    {
      notApplicable:
        'There is no DPoP (RFC 9449). Tokens are bearer tokens: they live for 15 minutes, and refresh tokens rotate.',
    },
  ],
  '38': [
    'oauth/authorize.test.ts: /oauth/authorize tells the app all else that is wrong',
    'prove/authorization-requests.test.ts: for clients that are none, or not one',
    'oauth/machine-tokens.test.ts: TE-2: /oauth/token says what was wrong (RFC 6749 §5.2)',
  ],
  '40': [
    'support/answers.test.ts: the scan of the suite finds an answer that breaks a rule',
    'oauth/authorize.test.ts: POST /oauth/authorize goes on as a GET that knows its person',
  ],
}
