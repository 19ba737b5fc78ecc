/** A test, by its file below `test/` and its title as the file has it. */
type NamedTest = `${string}.ts: ${string}`

/**
 * What holds each sentence of “What is guaranteed” in SECURITY.md, by the sentence's first words. A new or changed
 * sentence belongs here, with the test that fails when it is broken.
 */
export const GUARANTEES: Readonly<Record<string, readonly NamedTest[]>> = {
  'Nothing secret is stored or logged.': [
    'support/leaks.test.ts: the scan of the suite finds a secret',
  ],
  'Passwords are argon2id': [
    'users/sign-in.test.ts: passwords are hashed with argon2id, and again when the parameters rise',
  ],
  'Refresh tokens are SHA-256': [
    'sessions/refresh.test.ts: is stored as the SHA-256 of its secret, which opens nothing',
    'security/sessions.test.ts: CVE-2026-27840: no piece of a refresh token, and no change of case, works',
    'sessions/refresh.test.ts: refuses a forged token without a read',
  ],
  'Logs, errors and URLs hold no': ['support/leaks.test.ts: the scan of the suite finds a secret'],
  'One verifier for each credential,': [
    'prove/credentials.test.ts: every protected endpoint takes its own kinds of credential and no other',
  ],
  'An access token must be RS256': [
    'security/jwt.test.ts: CVE-2022-23540, JWT-2: none, and all but RS256, are refused',
    'security/jwt.test.ts: JWT-3: a signature is right in every byte, or refused',
    'security/jwt.test.ts: CVE-2025-30144, JWT-8, JWT-9: issuer and audience are ours to the letter',
    'security/jwt.test.ts: JWS-2, JWT-6: only the canonical compact form is read',
    'security/jwt.test.ts: JWT-10: keys that a token brings along are neither used nor fetched',
    'security/jwt.test.ts: CVE-2026-35042, CVE-2025-59420, JWS-1: crit is refused, whatever it lists',
    'security/jwt.test.ts: JWS-3: a header with a member twice, or in another spelling, is refused',
    'prove/audiences.test.ts: each verifier takes the tokens that are for it, and no other',
    'sessions/resources.test.ts: Latchkey’s own routes refuse it',
  ],
  'A refresh token is used once.': [
    'prove/ratchet.test.ts: whatever is presented in whatever order, a family has one live head (RFC 9700 §4.14.2)',
  ],
  'Rotation is one conditional write.': ['sessions/refresh.test.ts: takes one conditional write'],
  'Reuse after the grace window': [
    'sessions/refresh.test.ts: after it ends that session and no other',
  ],
  'Within the window, a client': [
    'prove/refresh-origins.test.ts: who may ride along in the grace window, by a model',
  ],
  'Nothing that a session can read tells': [
    'sessions/replay.test.ts: nothing that a session can read tells when another client refreshes',
  ],
  'Decisions read the base table': [
    'sessions/refresh.test.ts: after another instance rotated it is judged by the table',
    'plugins/dynamodb.test.ts: each decision reads the base table, consistently',
  ],
  'Expiry is checked on read': [
    'security/sessions.test.ts: CVE-2024-35220: a session ends by the clock, though DynamoDB has it still',
  ],
  'Our own outage ends no session': [
    'security/sessions.test.ts: keycloak#49213: our own outage consumes no token and ends no session',
    'plugins/errors.test.ts: a store that is away is 503 with Retry-After, never a 401',
    'api-keys/verification.test.ts: CVE-2022-31142: a check that fails is no pass, and our outage no 401',
    'sessions/refresh.test.ts: an outage never costs a session',
  ],
  '(RATE_LIMIT_ON_OUTAGE=allow opens': ['plugins/rate-limit.test.ts: when the store is away'],
  'The same answer in the same time': [
    'users/sign-in.test.ts: answers unknown user, wrong password and disabled user alike',
    'users/sign-in.test.ts: reads as much for an unknown user as for a known and a disabled one',
  ],
  'After argon2’s parameters are raised': [
    'users/sign-in.test.ts: after stronger parameters, refused sign-ins hash as much as before',
  ],
  'Limits hold under parallel': [
    'security/limiter.test.ts: CVE-2024-1722: a parallel burst on two instances passes no limit',
  ],
  'The tries of all strangers': [
    'plugins/rate-limit.test.ts: parallel guesses from rotating addresses: N are looked at',
    'users/sign-in-costs.test.ts: four instances look at no more passwords than they may',
    'prove/instances.test.ts: 16 instances compare at most limit + 16 passwords of a known address',
  ],
  'N instances let one address pass': [
    'plugins/rate-limit.test.ts: a flood of addresses makes no instance generous',
    'prove/instances.test.ts: 16 instances let an address pass at most limit + 5·16 times',
  ],
  'An attacker who exhausts an account’s limit': [
    'plugins/rate-limit.test.ts: who hammers it does not lock its owner out of a known address (ASVS V6.1.1)',
    'plugins/rate-limit.test.ts: a browser that was signed in is known wherever it goes',
  ],
  'A session’s refresh token rotates': [
    'sessions/pace.test.ts: counts the minute from each rotation, so that no edge of a window helps',
    'prove/instances.test.ts: a session rotates 30 times, and not once more',
  ],
  'N instances leave a person': [
    'sessions/live-sessions.test.ts: of more than 100, the one unused for longest ends',
    'prove/instances.test.ts: 16 instances leave a person at most 100 + 5·16 sessions',
  ],
  'N instances look up at most': [
    'sessions/pace.test.ts: are tried 20 times a minute by one address, under ten times as many',
    'prove/instances.test.ts: an address tries 20 tokens of dead sessions at each instance',
  ],
  'N instances settle a session’s spent': [
    'sessions/pace.test.ts: by all who present it, in turn or at once; its head goes on',
  ],
  'Wrong passwords get the same answers': [
    'plugins/rate-limit.test.ts: when strangers have no try left, wrong passwords tell nothing',
  ],
  'Cookies are HttpOnly': [
    'sessions/cookies.test.ts: puts the tokens in HttpOnly cookies and not in the answer',
    'sessions/cookies.test.ts: state changes must come from our own origin (ASVS V3.5.1)',
    'pages/plain-http.test.ts: a browser that keeps no Secure cookie on http',
    'sessions/cookies.test.ts: a page of another origin cannot sign a browser in (login CSRF)',
  ],
  'Every answer carries': [
    'security/http.test.ts: RS-1, PD-1: every answer has the security headers, every failure is a problem',
    'security/sessions.test.ts: CVE-2025-48947, CVE-2025-64762, BR-5: no cache may keep what a session gets',
  ],
  'Nothing is coerced': [
    'security/http.test.ts: CVE-2025-32442, CVE-2026-25223, CVE-2026-33806: none leads past the schema',
    'security/http.test.ts: CVE-2025-61928: nobody sets what they were not asked for',
    'plugins/errors.test.ts: hears of every field, each once and in plain words',
  ],
  'An API key is stored': [
    'api-keys/keys.test.ts: the secret is shown once, and only its hash is stored',
    'api-keys/verification.test.ts: 403 for a scope that the key has not',
    'prove/credentials.test.ts: ASVS V7.2.2: a key neither opens nor refreshes a session',
    'api-keys/verification.test.ts: the secret is 256 random bits, and no two secrets read alike',
  ],
  'Only administrators give the scope to ask about others': [
    'api-keys/keys.test.ts: token:introspect is given by administrators alone',
    'api-keys/at-once.test.ts: a reserved scope ends at once with the role of its giver or its owner',
    'api-keys/settings.test.ts: reserved scopes are given by administrators alone, and not unasked',
  ],
  'An owner cannot undo what an administrator disables': [
    'api-keys/restrictions.test.ts: what an administrator takes from a key, its owner does not give back',
  ],
  'Making, rotating and widening a key': [
    'api-keys/settings.test.ts: making, rotating and widening a key needs a sign-in of the last 15 minutes',
  ],
  'Its limits are never exceeded': [
    'api-keys/limits.test.ts: holds for four instances together, for few writes',
    'api-keys/limits.test.ts: is exact, however the calls come, and ends with its window',
  ],
  'A social sign-in proves who the person is': [
    'social/evil-provider.test.ts: OA-3 V10.2.1 V10.1.2 a flow belongs to one browser, one provider and one use',
    'social/evil-provider.test.ts: V6.8.2 an ID token whose signature proves nothing is refused',
    'social/evil-provider.test.ts: IS-1 OA-4 V10.2.2 an answer of another issuer is refused, errors too',
    'security/oauth.test.ts: PK-1 OA-5 OA-6 V10.4.6 carries the verifier of the challenge, always',
    'security/oauth.test.ts: OA-6 is not talked out of S256 by what the provider says it can',
    'social/evil-provider.test.ts: V10.5.1 the nonce of another flow, and our own tokens, are refused',
    'social/presets.test.ts: the presets know the real issuers',
    'social/presets.test.ts: issues tokens under the name of its issuer only',
    'social/presets.test.ts: refuses a token whose issuer is not the tenant that it names',
    'social/presets.test.ts: with ES256 is held to it',
  ],
  'An identity is issuer and subject.': [
    'social/sign-in.test.ts: V6.8.1 V10.3.3 one subject at two issuers is two users',
    'social/presets.test.ts: V6.8.1 V10.5.1 one subject in two tenants is two users',
  ],
  'An e-mail address leads to an account only if': [
    'social/evil-provider.test.ts: GHSA-g38m-r43w-p2q7 nobody gets in by an address that is not proved theirs',
    'social/rights.test.ts: a provider speaks for the domains that are listed for it, and for no other',
    'social/rights.test.ts: an administrator is never linked by address',
    'social/identities.test.ts: lets nobody into an account whose own address is not verified',
  ],
  'No account is made with an address': [
    'social/evil-provider.test.ts: GHSA-g38m-r43w-p2q7 nobody gets in by an address that is not proved theirs',
    'social/presets.test.ts: an unverified primary address is refused, whatever the others are',
  ],
  'An account loses an address': [
    'social/freeing.test.ts: a squatter keeps id and keys, and loses the address and the sessions',
    'social/freeing.test.ts: never from an administrator, and not against an administrator’s word',
    'social/freeing.test.ts: not for a provider without the right',
    'social/freeing.test.ts: only from our own page, in the browser that came, and in time',
    'social/freeing.test.ts: who has proved the address meanwhile is not touched',
  ],
  'The account keeps its keys': [
    'social/freeing.test.ts: a squatter keeps id and keys, and loses the address and the sessions',
    'social/freeing.test.ts: gives their account another one, and signs in with it',
    'social/freeing.test.ts: is as unknown as anyone to programs, and after 30 days to pages',
  ],
  'A provider’s tokens are used': [
    'support/leaks.test.ts: the scan of the suite finds a secret',
    'security/oauth.test.ts: V10.1.1 TE-1 leaves no token of the provider behind',
  ],
  'Ways to sign in': [
    'social/identities.test.ts: V7.5.1 wants a session of less than 15 minutes',
    'social/identities.test.ts: leaves the last way in',
    'social/identities.test.ts: is refused to the pages of others',
    'social/identities.test.ts: begins on no page of others',
    'social/identities.test.ts: V7.5.1 wants a session of less than 15 minutes, however often refreshed',
    'social/identities.test.ts: V7.5.1 sets none with a session of 15 minutes; a proved change needs no other',
    'social/identities.test.ts: leaves one of the last two that are removed at once',
  ],
  'No route opens a session for a disabled user': [
    'security/gate.test.ts: every route that can end in a session passes the gate',
  ],
  'A new password suspends keys': [
    'users/planted.test.ts: a new password suspends the keys that were made lately',
    'users/planted.test.ts: not where its owner says so',
    'users/planted.test.ts: one of a thief lets nobody in, an older one does',
    'users/planted.test.ts: what counts as recent',
    'users/planted.test.ts: none is suspended where its owner says so',
  ],
  'The password and the suspension take effect together': [
    'users/planted.test.ts: while the store fails half-way',
  ],
  'Lifting a suspension requires': [
    'users/planted.test.ts: a suspension is lifted',
    'users/planted.test.ts: its owner enables it after a recent sign-in, and it lets in at once',
    'users/planted.test.ts: what an administrator took from a key stays taken',
  ],
  'Pages escape everything they show': [
    'pages/pages.test.ts: every page has a policy that allows its own files alone, and weighs at most 30 kB',
  ],
  'No token can be read by a script.': [
    'client/cookies.test.ts: no script sees a token',
    'pages/browser.test.ts: sign up, sign out, the back button, sign in',
  ],
  'Every form, including the sign-in form': [
    'pages/pages.test.ts: posts prove that they come from our own pages',
  ],
  'No cache keeps pages of an account': [
    'pages/browser.test.ts: sign up, sign out, the back button, sign in',
    'sessions/cookies.test.ts: ending the own session empties the browser, wherever it is ended',
    'pages/pages.test.ts: every page has a policy that allows its own files alone, and weighs at most 30 kB',
    'pages/pages.test.ts: signing out drops the cookies and what the browser has kept',
  ],
  'An administrator is a user with that role': [
    'users/admin.test.ts: whoever has become an administrator is one at once',
    'users/admin.test.ts: changes a role, and ends all sessions',
  ],
  'Giving or taking a role': [
    'users/admin.test.ts: giving power needs a sign-in of the last 15 minutes, taking it does not',
  ],
  'Everything that administrators look at': [
    'users/admin.test.ts: an administrator finds a user',
    'users/admin.test.ts: nobody locks themself out',
    'users/admin.test.ts: records what a change has changed, though others change it at once',
    'api-keys/restrictions.test.ts: each of it is an act of an administrator in the log',
  ],
  'Other teams’ APIs fail closed': [
    'relying-party/jwt.test.ts: while the issuer is away',
    'relying-party/api-key.test.ts: fails closed while the issuer can’t tell',
  ],
  'They remember a valid API key': [
    'relying-party/api-key.test.ts: asks seldom',
    'relying-party/api-key.test.ts: a key ends',
  ],
  'latchkey/client ends a session': [
    'client/client.test.ts: a definite refusal ends the session, and nothing else does',
    'client/client.test.ts: tells nobody a token',
    'client/client.test.ts: an outage costs nobody the session',
    'client/client.test.ts: a conflict with another client ends no session',
  ],
  'Mail is sent by a function': [
    'infra/mail.test.ts: V13.2.2 V13.3.2 what sends mail may do that, and nothing else',
    'entry/worker.test.ts: it does to the table what its policy allows, and nothing else',
  ],
  'Each mail goes to one address,': [
    'aws/ses-mailer.test.ts: no address changes whom a mail goes to',
  ],
  'An address that mail software': [
    'aws/ses-mailer.test.ts: no address changes whom a mail goes to',
  ],
  'The secrets of its link': [
    'tickets/mail-tickets.test.ts: has a code of its own, which no part of the link is',
    'email/delivery.test.ts: derives link and code by the key that the ticket names',
    'tickets/mail-tickets.test.ts: a mail outlives two rotations of the ticket keys',
  ],
  'The code works only in': [
    'prove/mail-codes.test.ts: of 10,000 guesses from 1,000 addresses ten an account and five a flow are compared',
    'pages/reset.test.ts: take a code in the browser alone that asked',
  ],
  'Wrong codes leave the link': [
    'sign-in/password-reset.test.ts: guesses five codes of a flow, and the link goes on',
  ],
  'A request for a mail gets': [
    'sign-in/password-reset.test.ts: is told the same of every address',
  ],
  'A password that is reset by mail': [
    'sign-in/password-reset.test.ts: one of fifty resets at once succeeds',
    'sign-in/password-reset.test.ts: a reset suspends what a thief may have planted',
  ],
  'While the address is unproved,': [
    'sign-in/password-reset.test.ts: while the address is unproved, the owner of the mailbox becomes the owner',
  ],
  'An account gets another address only': [
    'sign-in/address-change.test.ts: makes no login of an address that was mistyped',
    'sign-in/address-change.test.ts: is not told from one that none has',
    'sign-in/address-change.test.ts: is made once by fifty codes at once',
  ],
  'For seven days the old address': [
    'sign-in/address-change.test.ts: is kept for the account for seven days',
  ],
  'The change is undone by': [
    'sign-in/address-undo.test.ts: needs the password of before the change',
    'sign-in/address-undo.test.ts: needs the old mailbox',
    'sign-in/address-undo.test.ts: which was linked since undoes none, nor does one of another account',
    'sign-in/address-undo.test.ts: what a thief adds after a change is suspended by its undoing',
    'sign-in/address-undo.test.ts: one of fifty at once undoes a change',
  ],
  'An address is proved by the mailbox': [
    'sign-in/verification.test.ts: by the code, where the person registered',
    'sign-in/verification.test.ts: by the link, in a session of the account',
    'sign-in/verification.test.ts: by the link anywhere, with the password; the account keeps everything',
    'sign-in/verification.test.ts: by no program that opens links and presses buttons',
    'pages/browser.test.ts: pressed by a program, proves nothing',
  ],
  'The owner of the mailbox may disown': [
    'sign-in/disown.test.ts: all that a squatter has of an account ends when its address’s owner disowns it',
  ],
  'Where an address must be proved first,': [
    'sign-in/verification.test.ts: is answered alike where the address has one',
  ],
  'A passkey opens an account by': [
    'factors/passkey-forgeries.test.ts: an assertion opens nothing that has',
    'factors/passkey-forgeries.test.ts: a passkey is not made by an attestation that has',
  ],
  'The first answer uses the': [
    'factors/passkey-forgeries.test.ts: a challenge is used up by the first answer, right or wrong',
    'factors/passkey-forgeries.test.ts: a challenge of one door opens no other',
  ],
  'Of parallel uses of one answer,': [
    'factors/passkeys.test.ts: once for each challenge, for ten minutes',
  ],
  'A passkey belongs to one account,': [
    'factors/passkeys.test.ts: once, however many register one credential at the same time',
    'factors/passkey-forgeries.test.ts: an assertion opens nothing that has',
  ],
  'A passkey that is bound to': [
    'factors/passkeys.test.ts: not with a counter that goes back, unless devices share the passkey',
  ],
  'The request for a challenge': [
    'factors/passkeys.test.ts: with the same options for any body and anyone',
  ],
  'A second factor: no password,': [
    'factors/second-step.test.ts: a password opens no account that has a second factor',
    'factors/second-factors.test.ts: a mail and a provider open no account that has a second factor',
  ],
  'A one-time password is good once': [
    'factors/second-factors.test.ts: of sign-ins at once one gets in',
    'factors/second-factors.test.ts: for as long as it would be right',
    'factors/second-factors.test.ts: and so are those before it',
    'factors/second-factors.test.ts: also where it has confirmed the app',
  ],
  'A recovery code is good once': [
    'factors/second-factors.test.ts: is good once, however it is typed',
    'factors/second-factors.test.ts: opens no other account',
    'factors/second-factors.test.ts: stops as soon as there are new ones',
  ],
  'Wrong ones are counted': [
    'factors/second-factors.test.ts: are ten in a quarter of an hour, of all kinds, tickets and doors',
    'factors/second-factors.test.ts: are 30 in a day',
    'prove/factors.test.ts: of 1,000 wrong codes over 200 tickets and 4 instances ten are compared',
  ],
  'Factors change only within': [
    'factors/enrolment.test.ts: second factors are changed by a recent sign-in that has proved one',
  ],
  'An authenticator app comes with': [
    'prove/factors.test.ts: with a fault of the store at any call',
  ],
  'Its secret is sealed for': [
    'factors/sealed-secret.test.ts: a sealed secret opens in its own place alone',
    'factors/sealed-secret.test.ts: a secret works for years, and is sealed again when it is used',
  ],
  'Lost second factors are removed': [
    'factors/removal.test.ts: an administrator begins it, and the first sign-in after 24 hours does it',
    'factors/removal.test.ts: another administrator confirms it at once',
    'factors/removal.test.ts: the account of an administrator takes another one and 24 hours',
    'factors/removal.test.ts: 24 hours alone do not open the account of an administrator',
    'prove/admin.test.ts: factors',
  ],
  'Each whose word it takes': [
    'factors/removal.test.ts: who has begun it is an administrator when it is done',
    'prove/factors-removal.test.ts: who is demoted while it is written does nothing',
  ],
  'The owner can take it back': [
    'factors/removal.test.ts: the owner takes it back by the mail, without a session',
    'prove/factors-removal.test.ts: taken back and confirmed at once, one of both holds',
  ],
  'All factors go with the sessions': [
    'prove/factors-removal.test.ts: with a fault of the store at any call of a removal',
  ],
  'It signs no one in': [
    'factors/removal.test.ts: after a removal the sign-in enrols as the policy says',
  ],
  'Each way in asks for': [
    'prove/second-factor-doors.test.ts: no door opens a session without the factors that the policy wants',
    'security/gate.test.ts: every route that can end in a session passes the gate',
  ],
  'The ticket of a first step': [
    'factors/second-step.test.ts: a ticket of one kind opens no door of another',
    'factors/second-step.test.ts: a ticket ends with what it was made for',
  ],
  'A wrong proof leaves it good;': [
    'factors/second-step.test.ts: after a wrong proof the ticket is still good',
    'factors/second-step.test.ts: one proof is taken at a time',
  ],
  'An account that has to have': [
    'factors/forced-enrolment.test.ts: a password without the mailbox sets up no factor',
  ],
  'A trusted device proves no more': [
    'factors/trusted-devices.test.ts: a device of one’s own needs no second factor for 30 days',
    'factors/trusted-devices.test.ts: it ends with what it rests on',
  ],
  'A step-up changes its own session': [
    'factors/second-step.test.ts: a step-up changes no other session',
    'factors/second-step.test.ts: a session can prove more',
  ],
  'The factors of a person who': [
    'factors/planted.test.ts: the factors of a squatter go with all that was in the account',
  ],
}
