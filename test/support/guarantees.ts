import type { NamedTest } from './named-tests.js'

/**
 * What holds each sentence of “What is guaranteed” in SECURITY.md, by the sentence's first words. A new or changed
 * sentence belongs here, with the test that fails when it is broken.
 */
export const GUARANTEES: Readonly<Record<string, readonly NamedTest[]>> = {
  'Nothing secret is stored or logged.': [
    'support/leaks.test.ts: the scan of the suite finds a secret',
  ],
  'Passwords are argon2id': [
    'sign-in/sign-in.test.ts: at sign-in, passwords are hashed with argon2id, and again when the parameters rise',
  ],
  'Refresh tokens are SHA-256': [
    'sessions/refresh.test.ts: a refresh token is stored as the SHA-256 of its secret, which opens nothing',
    'security/sessions.test.ts: CVE-2026-27840: no piece of a refresh token, and no change of case, works',
    'sessions/refresh.test.ts: refresh refuses a forged refresh token without a read',
  ],
  'Logs, errors and URLs hold no': ['support/leaks.test.ts: the scan of the suite finds a secret'],
  'One verifier for each credential,': [
    'prove/credentials.test.ts: every protected endpoint takes its own kinds of credential and no other',
  ],
  'An access token must be RS256': [
    'security/jwt.test.ts: CVE-2022-23540, JWT-2: access tokens with alg none, and all but RS256, are refused',
    'security/jwt.test.ts: JWT-3: the signature of an access token is right in every byte, or refused',
    'security/jwt.test.ts: CVE-2025-30144, JWT-8, JWT-9: an access token’s issuer and audience are ours to the letter',
    'security/jwt.test.ts: JWS-2, JWT-6: only the canonical compact form of an access token is read',
    'security/jwt.test.ts: JWT-10: keys that an access token brings along are neither used nor fetched',
    'security/jwt.test.ts: CVE-2026-35042, CVE-2025-59420, JWS-1: crit of an access token is refused, whatever it lists',
    'security/jwt.test.ts: JWS-3: a token’s header with a member twice, or in another spelling, is refused',
    'prove/audiences.test.ts: each verifier takes the tokens that are for it, and no other',
    'sessions/resources.test.ts: Latchkey’s own routes refuse a session’s token of one API',
  ],
  'A refresh token is used once.': [
    'prove/ratchet.test.ts: a token family has one live head in any order of what is presented (RFC 9700 §4.14.2)',
  ],
  'Rotation is one conditional write.': [
    'sessions/refresh.test.ts: the rotation of a refresh token takes one conditional write',
  ],
  'Reuse after the grace window': [
    'sessions/refresh.test.ts: a refresh token replayed after the grace window ends that session and no other',
  ],
  'Within the window, a client': [
    'prove/refresh-origins.test.ts: who may ride along in the grace window, by a model',
  ],
  'Nothing that a session can read tells': [
    'sessions/replay.test.ts: nothing that a session can read tells when another client refreshes',
  ],
  'Decisions read the base table': [
    'sessions/refresh.test.ts: a refresh token replayed after another instance rotated it is judged by the table',
    'dynamodb/database.test.ts: each decision reads the DynamoDB base table, consistently',
  ],
  'Expiry is checked on read': [
    'security/sessions.test.ts: CVE-2024-35220: a session ends by the clock, though DynamoDB has it still',
  ],
  'Our own outage ends no session': [
    'security/sessions.test.ts: keycloak#49213: our own outage consumes no refresh token and ends no session',
    'plugins/errors.test.ts: the problem of a store that is away is 503 with Retry-After, never a 401',
    'api-keys/verification.test.ts: CVE-2022-31142: a check of an API key that fails is no pass, and our outage no 401',
    'sessions/refresh.test.ts: an outage during a refresh never costs a session',
  ],
  '(RATE_LIMIT_ON_OUTAGE=allow opens': [
    'limits/rate-limit.test.ts: rate limits when the store is away',
  ],
  'The same answer in the same time': [
    'sign-in/sign-in.test.ts: a sign-in answers unknown user, wrong password and disabled user alike',
    'sign-in/sign-in.test.ts: a sign-in reads as much for an unknown user as for a known and a disabled one',
  ],
  'After argon2’s parameters are raised': [
    'sign-in/sign-in.test.ts: after stronger argon2 parameters, refused sign-ins hash as much as before',
  ],
  'Limits hold under parallel': [
    'security/limiter.test.ts: CVE-2024-1722: a parallel burst on two instances passes no limit',
  ],
  'The tries of all strangers': [
    'limits/rate-limit.test.ts: the rate limit by account: of parallel guesses from rotating addresses N are looked at',
    'prove/instances.test.ts: ${n} instances compare at most limit + ${n} passwords of a known address',
  ],
  'N instances let one address pass': [
    'limits/rate-limit.test.ts: a flood of addresses makes the rate limit of no instance generous',
    'prove/instances.test.ts: 16 instances let an address pass at most limit + 5·16 times',
  ],
  'An attacker who exhausts an account’s limit': [
    'limits/rate-limit.test.ts: who hammers an account’s limit locks no owner out of a known address (ASVS V6.1.1)',
    'limits/rate-limit.test.ts: a browser that was signed in is known to the account’s limit wherever it goes',
  ],
  'A session’s refresh token rotates': [
    'sessions/pace.test.ts: a session’s rotations are counted from each rotation, so that no edge of a window helps',
    'prove/instances.test.ts: a session rotates 30 times, and not once more',
  ],
  'N instances leave a person': [
    'sessions/live-sessions.test.ts: of more than 100 sessions of a person, the one unused for longest ends',
    'prove/instances.test.ts: 16 instances leave a person at most 100 + 5·16 sessions',
  ],
  'N instances look up at most': [
    'sessions/pace.test.ts: refresh tokens of dead sessions are tried 20 times a minute by one address',
    'prove/instances.test.ts: an address tries 20 tokens of dead sessions at each instance',
  ],
  'N instances settle a session’s spent': [
    'sessions/pace.test.ts: a session’s spent token is settled so often by all who present it; its head goes on',
  ],
  'Wrong passwords get the same answers': [
    'limits/rate-limit.test.ts: when the account’s limit leaves strangers no try, wrong passwords tell nothing',
  ],
  'Cookies are HttpOnly': [
    'sessions/cookies.test.ts: a sign-in by cookie puts the tokens in HttpOnly cookies and not in the answer',
    'sessions/cookies.test.ts: state changes by a session cookie must come from our own origin (ASVS V3.5.1)',
    'pages/plain-http.test.ts: pages for a browser that keeps no Secure cookie on http',
    'sessions/cookies.test.ts: a page of another origin cannot sign a browser in by cookie (login CSRF)',
  ],
  'Every answer carries': [
    'security/http.test.ts: RS-1, PD-1: every answer has the security headers, every failure is a problem',
    'security/sessions.test.ts: CVE-2025-48947, CVE-2025-64762, BR-5: no cache may keep what a session gets',
  ],
  'Nothing is coerced': [
    'security/http.test.ts: CVE-2025-32442, CVE-2026-25223, CVE-2026-33806: no content type leads past the schema',
    'security/http.test.ts: CVE-2025-61928: no one sets fields by HTTP that they were not asked for',
    'plugins/errors.test.ts: the problem of a request that is not valid tells of every field, once and in plain words',
  ],
  'An API key is stored': [
    'api-keys/keys.test.ts: an API key’s secret is shown once, and only its hash is stored',
    'api-keys/verification.test.ts: 403 for a scope that the API key has not',
    'prove/credentials.test.ts: ASVS V7.2.2: a key neither opens nor refreshes a session',
    'api-keys/verification.test.ts: an API key’s secret is 256 random bits, and no two secrets read alike',
  ],
  'Only administrators give the scope to ask about others': [
    'api-keys/keys.test.ts: the API key scope token:introspect is given by administrators alone',
    'api-keys/at-once.test.ts: an API key loses a reserved scope at once with the role of its giver or its owner',
    'api-keys/settings.test.ts: reserved scopes of API keys are given by administrators alone, and not unasked',
  ],
  'An owner cannot undo what an administrator disables': [
    'api-keys/restrictions.test.ts: what an administrator takes from an API key, its owner does not give back',
  ],
  'Making, rotating and widening a key': [
    'api-keys/settings.test.ts: making, rotating and widening an API key needs a sign-in of the last 15 minutes',
  ],
  'Its limits are never exceeded': [
    'api-keys/limits.test.ts: an API key’s monthly quota holds for four instances together, for few writes',
    'api-keys/limits.test.ts: an API key’s rate limit is exact, however the calls come, and ends with its window',
  ],
  'A social sign-in proves who the person is': [
    'social/evil-provider.test.ts: OA-3 V10.2.1 V10.1.2 a flow belongs to one browser, one provider and one use',
    'social/evil-provider.test.ts: V6.8.2 a provider’s ID token whose signature proves nothing is refused',
    'social/evil-provider.test.ts: IS-1 OA-4 V10.2.2 an answer of another issuer than the provider is refused, errors too',
    'security/oauth.test.ts: PK-1 OA-5 OA-6 V10.4.6 the token request to a provider carries the challenge’s verifier',
    'security/oauth.test.ts: OA-6 the request to a provider is not talked out of S256 by what the provider says it can',
    'social/evil-provider.test.ts: V10.5.1 the nonce of another flow at a provider, and our own tokens, are refused',
    'social/presets.test.ts: the presets of providers know the real issuers',
    'social/presets.test.ts: Google’s tokens are issued under the name of its issuer only',
    'social/presets.test.ts: a Microsoft token whose issuer is not the tenant that it names is refused',
    'social/presets.test.ts: a provider with ES256 is held to it',
  ],
  'An identity is issuer and subject.': [
    'social/sign-in.test.ts: V6.8.1 V10.3.3 one subject at two providers is two users',
    'social/presets.test.ts: V6.8.1 V10.5.1 one subject in two Microsoft tenants is two users',
  ],
  'An e-mail address leads to an account only if': [
    'social/evil-provider.test.ts: GHSA-g38m-r43w-p2q7 no one gets in by a provider’s address that is not proved theirs',
    'social/rights.test.ts: a provider speaks for the domains that are listed for it, and for no other',
    'social/rights.test.ts: an administrator is never linked to an identity by address',
    'social/identities.test.ts: an identity’s address lets no one into an account whose own address is not verified',
  ],
  'No account is made with an address': [
    'social/evil-provider.test.ts: GHSA-g38m-r43w-p2q7 no one gets in by a provider’s address that is not proved theirs',
    'social/presets.test.ts: an unverified primary GitHub address is refused, whatever the others are',
  ],
  'An account loses an address': [
    'social/freeing.test.ts: a squatter whose address a provider proves keeps id and keys, and loses address and sessions',
    'social/freeing.test.ts: an address is never freed from an administrator, nor against an administrator’s word',
    'social/freeing.test.ts: an address is not freed for a provider without the right to its domain',
    'social/freeing.test.ts: an address is freed only from our own page, in the browser that came, and in time',
    'social/freeing.test.ts: an address that its holder has proved meanwhile is not freed',
  ],
  'The account keeps its keys': [
    'social/freeing.test.ts: a squatter whose address a provider proves keeps id and keys, and loses address and sessions',
    'social/freeing.test.ts: the former holder of a freed address gives their account another one, and signs in with it',
    'social/freeing.test.ts: a freed address’s former holder is unknown to programs, and after 30 days to pages',
  ],
  'A provider’s tokens are used': [
    'support/leaks.test.ts: the scan of the suite finds a secret',
    'security/oauth.test.ts: V10.1.1 TE-1 the token request leaves no token of the provider behind',
  ],
  'Ways to sign in': [
    'social/identities.test.ts: V7.5.1 DELETE /api/auth/identities/:id wants a session of less than 15 minutes',
    'social/identities.test.ts: DELETE /api/auth/identities/:id leaves the last way in',
    'social/identities.test.ts: DELETE /api/auth/identities/:id is refused to the pages of others',
    'social/identities.test.ts: the link of an identity begins on no page of others',
    'social/identities.test.ts: V7.5.1 linking an identity wants a session of less than 15 minutes, however often refreshed',
    'social/identities.test.ts: V7.5.1 a session of 15 minutes sets no first password beside an identity; changes need none',
    'social/identities.test.ts: DELETE /api/auth/identities/:id leaves one of the last two that are removed at once',
  ],
  'No route opens a session for a disabled user': [
    'security/gate.test.ts: every route that can end in a session passes the gate',
  ],
  'A new password suspends keys': [
    'sign-in/suspending.test.ts: a new password suspends the API keys that were made lately',
    'sign-in/suspending.test.ts: a new password suspends no API keys where its owner says so',
    'sign-in/suspending.test.ts: a new password suspends a thief’s identity, and an older one signs in',
    'sign-in/suspending.test.ts: the API keys that a new password suspends as recent',
    'sign-in/suspending.test.ts: a new password suspends no identity where its owner says so',
  ],
  'Apps that an administrator registered': [
    'oauth/clients/suspended.test.ts: a reset suspends the OAuth clients that an administrator registered lately',
    'oauth/clients/suspended.test.ts: a changed password suspends OAuth clients, and administrators enable them on a page',
    'oauth/clients/suspended.test.ts: OAuth clients that an outage leaves are suspended with the next request of their owner',
  ],
  'The password and the suspension of keys and identities take effect together': [
    'sign-in/suspending.test.ts: a new password suspends API keys together or not at all while the store fails half-way',
  ],
  'Lifting a suspension requires': [
    'sign-in/suspending.test.ts: a suspension of API keys by a new password is lifted',
    'sign-in/suspending.test.ts: a suspended identity signs in once its owner enables it after a recent sign-in',
    'sign-in/suspending.test.ts: an API key that an administrator disabled stays so when a new password’s suspension is lifted',
  ],
  'Pages escape everything they show': [
    'pages/pages.test.ts: every page has a policy that allows its own files alone, and weighs at most 30 kB',
  ],
  'No token can be read by a script.': [
    'client/cookies.test.ts: with the client by cookies, no script sees a token',
    'pages/browser.test.ts: in a browser, the pages sign up, sign out, go back, and sign in',
  ],
  'Every form, including the sign-in form': [
    'pages/pages.test.ts: forms of pages prove that they come from our own pages',
  ],
  'No cache keeps pages of an account': [
    'pages/browser.test.ts: in a browser, the pages sign up, sign out, go back, and sign in',
    'sessions/cookies.test.ts: ending the own session empties the browser’s cookies, wherever it is ended',
    'pages/pages.test.ts: every page has a policy that allows its own files alone, and weighs at most 30 kB',
    'pages/pages.test.ts: the sign-out page (/logout) drops the cookies and what the browser has kept',
  ],
  'An administrator is a user with that role': [
    'administration/managed-users.test.ts: a user who has become an administrator is one at once',
    'administration/managed-users.test.ts: an administrator changes a user’s role, and ends all sessions',
  ],
  'Giving or taking a role': [
    'administration/managed-users.test.ts: an administrator who gives power needs a sign-in of the last 15 minutes, taking it does not',
  ],
  'Everything that administrators look at': [
    'administration/managed-users.test.ts: an administrator finds a user',
    'administration/managed-users.test.ts: no administrator locks themselves out',
    'administration/managed-users.test.ts: an administrator’s change of a user records what it changed, though others change it at once',
    'api-keys/restrictions.test.ts: each restriction of an API key is an act of an administrator in the log',
  ],
  'Other teams’ APIs fail closed': [
    'relying-party/jwt.test.ts: latchkey/jwt while the issuer is away',
    'relying-party/api-key.test.ts: latchkey/api-key fails closed while the issuer can’t tell',
  ],
  'They remember a valid API key': [
    'relying-party/api-key.test.ts: latchkey/api-key asks the issuer about keys seldom',
    'relying-party/api-key.test.ts: latchkey/api-key and the end of a key',
  ],
  'latchkey/client ends a session': [
    'client/client.test.ts: a definite refusal ends the client’s session, and nothing else does',
    'client/client.test.ts: the client prints no token',
    'client/client.test.ts: an outage costs the client’s person not the session',
    'client/client.test.ts: a conflict of the client with another client ends no session',
  ],
  'Mail is sent by a function': [
    'infra/mail.test.ts: V13.2.2 V13.3.2 what sends mail may do that, and nothing else',
    'entry/worker.test.ts: the mail worker does to the table what its policy allows, and nothing else',
  ],
  'Each mail goes to one address,': [
    'aws/ses-mailer.test.ts: no address changes whom a mail by SES goes to',
  ],
  'An address that mail software': [
    'aws/ses-mailer.test.ts: no address changes whom a mail by SES goes to',
  ],
  'The secrets of its link': [
    'tickets/mail-tickets.test.ts: the ticket of a mail has a code of its own, which no part of the link is',
    'email/delivery.test.ts: mail delivery derives link and code by the key that the ticket names',
    'tickets/mail-tickets.test.ts: the ticket of a mail outlives two rotations of the ticket keys',
  ],
  'The code works only in': [
    'prove/mail-codes.test.ts: of 10,000 guesses from 1,000 addresses ten an account and five a flow are compared',
    'pages/reset.test.ts: the page of a password reset takes a code in the browser alone that asked',
  ],
  'Wrong codes leave the link': [
    'sign-in/password-reset.test.ts: a stranger guesses five codes of a password reset, and the link goes on',
  ],
  'A request for a mail gets': [
    'sign-in/password-reset.test.ts: a request for a password reset is answered alike for every address',
  ],
  'A password that is reset by mail': [
    'sign-in/password-reset.test.ts: one of fifty password resets at once succeeds',
    'sign-in/password-reset.test.ts: a password reset suspends what a thief may have planted',
  ],
  'While the address is unproved,': [
    'sign-in/password-reset.test.ts: by a reset of an account with an unproved address the owner of the mailbox becomes its owner',
  ],
  'An account gets another address only': [
    'sign-in/address-change.test.ts: a change of address makes no login of an address that was mistyped',
    'sign-in/address-change.test.ts: a change of address to a taken address looks like one to a free address',
    'sign-in/address-change.test.ts: a change of address is made once by fifty codes at once',
  ],
  'For seven days the old address': [
    'sign-in/address-change.test.ts: after a change of address the old one is kept for the account for seven days',
  ],
  'The change is undone by': [
    'sign-in/address-undo.test.ts: undoing a change of address needs the password of before the change',
    'sign-in/address-undo.test.ts: undoing a change of address needs the mail to the old mailbox',
    'sign-in/address-undo.test.ts: a provider linked since the change of address, or of another account, undoes none',
    'sign-in/address-undo.test.ts: what a thief adds after a change of address is suspended by undoing it',
    'sign-in/address-undo.test.ts: one of fifty undos at once undoes a change of address',
  ],
  'An address is proved by the mailbox': [
    'sign-in/verification.test.ts: an address is proved by the code, where the person registered',
    'sign-in/verification.test.ts: an address is proved by the link, in a session of the account',
    'sign-in/verification.test.ts: an address is proved by the link anywhere, with the password; the account keeps everything',
    'sign-in/verification.test.ts: no program that opens links and presses buttons proves an address',
    'pages/browser.test.ts: in a browser, the page that proves an address, pressed by a program, proves nothing',
  ],
  'The owner of the mailbox may disown': [
    'sign-in/disown.test.ts: all that a squatter has of an account ends when its address’s owner disowns it',
  ],
  'Where an address must be proved first,': [
    'sign-in/verification.test.ts: a registration of an address that has an account is answered alike',
  ],
  'A passkey opens an account by': [
    'factors/passkey-forgeries.test.ts: a passkey’s assertion opens nothing that has',
    'factors/passkey-forgeries.test.ts: a passkey is not made by an attestation that has',
  ],
  'The first answer uses the': [
    'factors/passkey-forgeries.test.ts: a passkey’s challenge is used up by the first answer, right or wrong',
    'factors/passkey-forgeries.test.ts: a passkey’s challenge of one door opens no other',
  ],
  'Of parallel uses of one answer,': [
    'factors/passkeys.test.ts: a passkey signs in once for each challenge, for ten minutes',
  ],
  'A passkey belongs to one account,': [
    'factors/passkeys.test.ts: a passkey is made once, however many register one credential at the same time',
    'factors/passkey-forgeries.test.ts: a passkey’s assertion opens nothing that has',
  ],
  'A passkey that is bound to': [
    'factors/passkeys.test.ts: a passkey’s counter may not go back, unless devices share the passkey',
  ],
  'The request for a challenge': [
    'factors/passkeys.test.ts: a passkey’s sign-in has the same options for any body and anyone',
  ],
  'A second factor: no password,': [
    'sign-in/second-step.test.ts: a password opens no account that has a second factor',
    'factors/second-factors.test.ts: a mail and a provider open no account that has a second factor',
  ],
  'A one-time password is good once': [
    'factors/second-factors.test.ts: of sign-ins at once with a one-time password one gets in',
    'factors/second-factors.test.ts: a used one-time password stays refused for as long as it would be right',
    'factors/second-factors.test.ts: one-time passwords before a used one are refused',
    'factors/second-factors.test.ts: a one-time password that has confirmed the app is used up',
  ],
  'A recovery code is good once': [
    'factors/second-factors.test.ts: a recovery code is good once, however it is typed',
    'factors/second-factors.test.ts: a recovery code opens no other account',
    'factors/second-factors.test.ts: a recovery code stops as soon as there are new ones',
  ],
  'Wrong ones are counted': [
    'factors/second-factors.test.ts: wrong second factors are ten in a quarter of an hour, of all kinds, tickets and doors',
    'factors/second-factors.test.ts: wrong second factors are 30 in a day',
    'prove/factors.test.ts: of 1,000 wrong codes over 200 tickets and 4 processes ten are compared',
    'factors/second-factors.test.ts: only a second factor that was compared counts as wrong',
  ],
  'Factors change only within': [
    'factors/enrolment.test.ts: second factors are changed by a recent sign-in that has proved one',
  ],
  'An authenticator app comes with': [
    'prove/factors.test.ts: with a fault of the store at any call',
  ],
  'Its secret is sealed for': [
    'factors/sealed-secret.test.ts: an authenticator app’s sealed secret opens in its own place alone',
    'factors/sealed-secret.test.ts: an authenticator app’s sealed secret works for years, and is sealed again when it is used',
  ],
  'Lost second factors are removed': [
    'factors/removal.test.ts: an administrator begins the removal of factors; the first sign-in after 24 hours does it',
    'factors/removal.test.ts: another administrator confirms the removal of factors at once',
    'factors/removal.test.ts: the removal of an administrator’s factors takes another one and 24 hours',
    'factors/removal.test.ts: 24 hours alone do not remove the factors of an administrator',
    'prove/admin.test.ts: factors',
  ],
  'Each whose word it takes': [
    'factors/removal.test.ts: who has begun a removal of factors is an administrator when it is done',
    'prove/factors-removal.test.ts: who is demoted while it is written does nothing',
  ],
  'No administrator makes the second of two': [
    'factors/removal.test.ts: an administrator who confirms a removal of factors does not make the second of two',
    'factors/removal.test.ts: to confirm a removal of factors, one with an unknown or broken role time gets the role again',
    'factors/removal.test.ts: who was an administrator until lately keeps an administrator’s rules for removing factors',
  ],
  'The owner can take it back': [
    'factors/removal.test.ts: the owner takes back the removal of factors by the mail, without a session',
    'prove/factors-removal.test.ts: taken back and confirmed at once, one of both holds',
  ],
  'All factors go with the sessions': [
    'prove/factors-removal.test.ts: with a fault of the store at any call of a removal',
  ],
  'It signs no one in': [
    'factors/removal.test.ts: after a removal of factors the sign-in enrols as the policy says',
  ],
  'Each way in asks for': [
    'prove/second-factor-doors.test.ts: no door opens a session without the factors that the policy wants',
    'security/gate.test.ts: every route that can end in a session passes the gate',
  ],
  'The ticket of a first step': [
    'sign-in/second-step.test.ts: the ticket of a second step of one kind opens no door of another',
    'sign-in/second-step.test.ts: the ticket of a second step ends with what it was made for',
  ],
  'A wrong proof leaves it good;': [
    'sign-in/second-step.test.ts: after a wrong proof the ticket of the second step is still good',
    'sign-in/second-step.test.ts: the second step takes one proof of a factor at a time',
  ],
  'An account that has to have': [
    'sign-in/forced-enrolment.test.ts: a forced enrolment by password without the mailbox sets up no second factor',
  ],
  'A trusted device proves no more': [
    'factors/trusted-devices.test.ts: a trusted device of one’s own needs no second factor for 30 days',
    'factors/trusted-devices.test.ts: the trust in a device ends with what it rests on',
  ],
  'A step-up changes its own session': [
    'sign-in/second-step.test.ts: a step-up with a second factor changes no other session',
    'sign-in/second-step.test.ts: a session can prove a second factor by step-up',
  ],
  'The factors of a person who': [
    'factors/planted.test.ts: the second factors of a squatter go with all that was in the account',
  ],
  'The audit trail has each change': [
    'events/actions.test.ts: every action of the service leaves security events in the trail, or says why not',
    'events/actions.test.ts: every command leaves security events in the trail, or says why not',
    'prove/faults-accounts.test.ts: a fault of the store leaves an account whole, and a change with its event',
  ],
  'Wrong passwords, codes and second factors are one item': [
    'events/trail.test.ts: wrong passwords are one event of the trail for each account and hour',
    'events/trail.test.ts: wrong second factors are events of the trail too',
  ],
  'An item says who did it:': [
    'events/trail.test.ts: an event in the trail by an administrator or the key says who it was',
  ],
  'It holds no password, token, secret': [
    'events/trail.test.ts: an event of a person is kept once in the trail, in the transaction of the change',
  ],
  'A person reads their own trail,': [
    'events/trail.test.ts: no one else reads an audit trail, but administrators, whose look is logged',
  ],
  'The person sees neither the id': [
    'events/trail.test.ts: an administrator’s address and id in the audit trail are not the person’s to see',
  ],
  'An item is kept for 400 days': [
    'events/trail.test.ts: an event is kept in the trail for 400 days',
  ],
  'After an erase no table holds': [
    'personal-data/erasure.test.ts: a deleted account leaves tombstones alone',
    'personal-data/erasure.test.ts: a deleted account leaves events without a name, an address or an id',
  ],
  'A request, a token or a mail that is under way': [
    'prove/erase-races.test.ts: an erase in the middle of ${deed} leaves nothing that opens anything',
    'personal-data/erasure.test.ts: a token of the last 15 minutes makes no item of a deleted account at any route',
    'personal-data/erasure.test.ts: a mail in the queue is not sent to an erased account',
  ],
  'An erase that a fault interrupts': [
    'prove/erase.test.ts: an erase that a fault interrupts goes on and leaves nothing',
  ],
}
