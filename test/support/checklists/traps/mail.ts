import type { Traces } from '../trace.js'

export const MAIL: Traces = {
  '1': [
    'sign-in/password-reset.test.ts: a stranger gives a password reset mail no address of their own',
  ],
  '2': [
    'security/http.test.ts: CVE-2026-3635: who an HTTP request says it is for, or from, decides nothing',
    'support/contract.ts: sign-up, sign-in, refresh, profile, logout',
    'entry/origin.test.ts: where no CloudFront stands in front of the Lambda, its headers mean nothing',
    'entry/worker.test.ts: the mail worker sends a new message by stream and queue to SES, with code and link',
  ],
  '3': [
    'prove/mail-robots.test.ts: loses no link of a mail of the kind ${kind}, and gains nothing',
    'sign-in/verification.test.ts: no program that opens links and presses buttons proves an address',
  ],
  '4': [
    'prove/mail-robots.test.ts: loses no link of a mail of the kind ${kind}, and gains nothing',
    'tickets/mail-tickets.test.ts: the ticket of a mail is for its browser, where it signs in',
  ],
  '5': [
    'sign-in/mail-sign-in.test.ts: a code of a sign-in by mail is good only where the mail was asked for',
    'prove/mail-robots.test.ts: verifies no address for a stranger, who registered with it',
  ],
  '6': [
    'prove/mail-codes.test.ts: of 10,000 guesses from 1,000 addresses ten an account and five a flow are compared',
    'prove/mail-guesses.test.ts: ten are compared for an account in a day, over a flow for each address',
    'tickets/mail-tickets.test.ts: the ticket of a mail compares five codes, and keeps its link',
  ],
  '7': [
    'sign-in/password-reset.test.ts: one of fifty password resets at once succeeds',
    'sign-in/mail-sign-in.test.ts: one of fifty sign-ins by one mail at once succeeds',
    'sign-in/verification.test.ts: an address is proved once, of 50 attempts at a time',
    'sign-in/address-change.test.ts: a change of address is made once by fifty codes at once',
  ],
  '8': [
    'security/used-up.test.ts: what was used up at one instance is refused by one that starts later, and when a clock goes back',
  ],
  '9': [
    'tickets/mail-tickets.test.ts: the ticket of a mail has a link and a code, until they expire',
    'tickets/store.test.ts: a ticket ends by the clock, whether DynamoDB has deleted it or not',
    'oauth/exchange.test.ts: an app swaps a code for 60 seconds',
  ],
  '10': [
    'prove/mail-doors.test.ts: the ticket of each mail opens its own doors, and no other',
    'tickets/mail-tickets.test.ts: the ticket of a mail of one kind opens no other door',
    'security/sealed-cookies.test.ts: what is sealed in a cookie is good under its own name alone',
    'sign-in/second-step.test.ts: the ticket of a second step of one kind opens no door of another',
  ],
  '11': [
    'sign-in/password-reset.test.ts: a password reset takes the ${by} of a mail, once',
    'sign-in/password-reset.test.ts: a password reset ends what apps hold of the account, at once',
    'security/sessions.test.ts: CVE-2026-22706: a new password ends the refresh tokens of other sessions',
  ],
  '12': [
    'sign-in/address-change.test.ts: a change of address makes no login of an address that was mistyped',
  ],
  '13': [
    'tickets/mail-tickets.test.ts: the ticket of a mail is of the account as it was',
    'sign-in/password-reset.test.ts: a password reset works while the account is as it was when the mail was asked for',
  ],
  '14': [
    'sign-in/disown.test.ts: all that a squatter has of an account ends when its address’s owner disowns it',
    'sign-in/password-reset.test.ts: by a reset of an account with an unproved address the owner of the mailbox becomes its owner',
    'social/freeing.test.ts: a squatter whose address a provider proves keeps id and keys, and loses address and sessions',
  ],
  '15': [
    'sign-in/password-reset.test.ts: a request for a password reset is answered alike for every address',
    'sign-in/mail-sign-in.test.ts: a request for a sign-in mail is answered alike for every address',
    'sign-in/verification.test.ts: a registration of an address that has an account is answered alike',
    'sign-in/sign-in.test.ts: a sign-in reads as much for an unknown user as for a known and a disabled one',
    { decision: 'docs/security/decisions.md#time-as-work' },
  ],
  '39': [
    'aws/ses-mailer.test.ts: no address changes whom a mail by SES goes to',
    'local/smtp-mailer.test.ts: a mail by SMTP goes to the address that was given, or to none',
    'prove/mail.test.ts: and never at an address that is not in it',
  ],
  '42': [
    'sign-in/password-reset.test.ts: three password reset mails an hour are sent for strangers, and three for a known browser',
    'sign-in/verification.test.ts: a registration gets three mails an hour at most',
    'email/notices.test.ts: five notices of one kind in an hour become one mail',
    'infra/mail.test.ts: its own configuration set needs TLS, tracks nothing, and heeds bounces',
    { decision: 'docs/security/decisions.md#bounces' },
  ],
}
