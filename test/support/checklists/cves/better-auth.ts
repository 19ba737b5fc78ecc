import type { Traces } from '../trace.js'

export const BETTER_AUTH: Traces = {
  'CVE-2025-61928': [
    'api-keys/keys.test.ts: CVE-2025-61928: no one makes or moves an API key for another person',
    'security/http.test.ts: CVE-2025-61928: no one sets fields by HTTP that they were not asked for',
  ],
  'CVE-2026-45364 / GHSA-p6v2-xcpg-h6xw': [
    'security/limiter.test.ts: CVE-2026-45364: an address has one rate limit count, however it is spelled',
  ],
  'GHSA-x732-6j76-qmhm': [
    'security/limiter.test.ts: GHSA-x732-6j76-qmhm: no spelling of a path has a rate limit count of its own',
    'security/http.test.ts: CVE-2026-0976, GHSA-x732-6j76-qmhm: only the path itself is the HTTP route',
  ],
  'GHSA-xg6x-h9c9-2m83': [
    'sign-in/second-step.test.ts: a password opens no account that has a second factor',
    'sign-in/second-step.test.ts: a password by cookies opens no account that has a second factor',
    'prove/second-factor-doors.test.ts: no door opens a session without the factors that the policy wants',
  ],
  'GHSA-392p-2q2v-4372': [
    'security/sessions.test.ts: GHSA-392p-2q2v-4372, CVE-2026-1035, hydra#3604, hydra#3004: ${count} parallel refreshes fork no family, and the replay of a rotated token kills it',
  ],
  'GHSA-7w99-5wm4-3g79': [
    'oauth/exchange.test.ts: an app swaps a code once: of twenty at a time, one gets tokens',
    'prove/authorization-codes.test.ts: 20 redemptions at once, over four instances: one gets tokens',
  ],
  'GHSA-g38m-r43w-p2q7': [
    'social/evil-provider.test.ts: GHSA-g38m-r43w-p2q7 no one gets in by a provider’s address that is not proved theirs',
    'social/identities.test.ts: an identity’s address lets no one into an account whose own address is not verified',
  ],
  'GHSA-2vg6-77g8-24mp': [
    'security/sessions.test.ts: GHSA-2vg6-77g8-24mp: nothing that a ${how} user holds, no session and no token, still works',
    'personal-data/erasure.test.ts: a deleted account opens nothing any more',
    'api-keys/at-once.test.ts: an API key stops with its owner, by whichever way they are disabled',
  ],
  'GHSA-86j7-9j95-vpqj': [
    'security/oauth.test.ts: a sign-in at a provider refuses every near miss of returnTo, and begins nothing',
    'prove/authorization-requests.test.ts: for each hostile redirect URI',
    'oauth/clients/redirect-uri.test.ts: redirect URIs that are hostile may not be registered, with a reason, more than 100 of them',
  ],
  'better-auth#8067': [
    'sign-in/password-reset.test.ts: one of fifty password resets at once succeeds',
    'sign-in/mail-sign-in.test.ts: one of fifty sign-ins by one mail at once succeeds',
    'factors/second-factors.test.ts: of sign-ins at once with a one-time password one gets in',
    'factors/second-factors.test.ts: a recovery code lets in one of sign-ins at once',
    'tickets/store.test.ts: a ticket has one winner of fifty at once',
  ],
  'better-auth#9096': [
    'tickets/store.test.ts: a ticket has one winner of fifty at once',
    'social/sign-in.test.ts: OA-3 a provider’s callback sent twice at once opens one session',
  ],
  'better-auth#7196': [
    'sign-in/address-change.test.ts: a change of address makes no login of an address that was mistyped',
    'sign-in/address-change.test.ts: a change of address takes its code in the session that asked, once, for ten minutes',
  ],
}
