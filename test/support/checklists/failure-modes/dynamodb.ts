import type { Traces } from '../trace.js'

export const DYNAMODB: Traces = {
  F1: [
    'security/sessions.test.ts: GHSA-392p-2q2v-4372, CVE-2026-1035, hydra#3604, hydra#3004: ${count} parallel refreshes fork no family, and the replay of a rotated token kills it',
    'sessions/refresh.test.ts: 50 parallel refreshes of one token over sockets: one next token, one live head',
    'prove/authorization-codes.test.ts: 50 refreshes at once, over four instances: each gets the one successor',
  ],
  F2: [
    'sessions/refresh.test.ts: the rotation of a refresh token takes one conditional write',
    'security/sessions.test.ts: keycloak#49213: our own outage consumes no refresh token and ends no session',
    'sessions/refresh.test.ts: the ${what} of a refresh comes to ${fate}: 503, and the token works an hour later',
  ],
  F3: [
    'sessions/refresh.test.ts: the answer to the winning write of a refresh is lost: the same call succeeds',
    'sessions/refresh.test.ts: all answers to the write of a refresh are lost: 503, and the client’s retry succeeds',
    'tickets/store.test.ts: a ticket is its winner’s, whose first answer was lost',
  ],
  F4: [
    'dynamodb/database.test.ts: a DynamoDB transaction that is cancelled is answered by its reasons',
    'dynamodb/database.test.ts: a DynamoDB write that meets another’s transaction is sent again',
  ],
  F5: [
    'dynamodb/database.test.ts: a DynamoDB write of a sign-up whose answer was lost still counts as made',
    'limits/rate-limit.test.ts: an attempt counts once towards a limit, and is taken back once, however often it is sent',
  ],
  F6: [
    'dynamodb/database.test.ts: a DynamoDB call that is refused for too many others is 503, whatever the refusal',
    'plugins/errors.test.ts: the problem of a store that is away is 503 with Retry-After, never a 401',
    'entry/lambda.test.ts: F17 a slow store is answered for before Lambda ends the call',
  ],
  F7: [
    'dynamodb/items.test.ts: an item ends in DynamoDB at a whole number of seconds',
    'tickets/mail-tickets.test.ts: the ticket of a mail has a link and a code, until they expire',
    'tickets/store.test.ts: a ticket ends by the clock, whether DynamoDB has deleted it or not',
    'security/sessions.test.ts: CVE-2024-35220: a session ends by the clock, though DynamoDB has it still',
    'social/sign-in.test.ts: V10.1.2 a provider’s flow ends 600 seconds after its start',
    'api-keys/verification.test.ts: an API key that is deleted, disabled or expired is refused, and its holder told why',
    'oauth/exchange.test.ts: an app swaps a code for 60 seconds',
  ],
  F8: [
    'sign-in/register.test.ts: register gives 50 parallel tries with one e-mail one 201, 49 × 409 and one user',
    'dynamodb/database.test.ts: each decision reads the DynamoDB base table, consistently',
    'sign-in/suspending.test.ts: a new password suspends an API key that the index does not list yet',
  ],
  F9: ['dynamodb/database.test.ts: each decision reads the DynamoDB base table, consistently'],
  F10: [
    'dynamodb/database.test.ts: what a bulk read of DynamoDB leaves over is asked for a little later, and added to the found',
    'dynamodb/database.test.ts: what a bulk read of DynamoDB leaves over is asked for four times, and not for ever',
    'sessions/sessions.test.ts: sessions beyond one page of the list are all listed and all end',
    { decision: 'docs/security/decisions.md#no-bulk-writes' },
  ],
  F11: [
    'sessions/sessions.test.ts: sessions beyond one page of the list are all listed and all end',
    'administration/directory.test.ts: an administrator lists all users, the newest first, each of them once',
  ],
  F12: [
    'security/http.test.ts: F12: what would outgrow a key or an item of the store never gets to it by HTTP',
    'social/evil-provider.test.ts: V10.5.1 V10.5.4 V10.1.2 a provider’s ID token for another is refused',
  ],
  F13: [
    'limits/rate-limit.test.ts: a rate limit’s blocked address costs no more writes, until its window ends',
    'limits/rate-limit.test.ts: the rate limit counts routes apart, and so it does addresses',
    'limits/rate-limit.test.ts: an account that its limit blocks costs no argon2',
    { decision: 'docs/security/decisions.md#partitions-of-counters' },
  ],
  F14: [
    'dynamodb/items.test.ts: an item has strings for keys in DynamoDB, and numbers that JavaScript has exactly',
  ],
}
