import type { Checklist } from './checklist.js'
import { MAIL } from './traps/mail.js'
import { FACTORS } from './traps/factors.js'
import { PROVIDER } from './traps/provider.js'

export const TRAPS: Checklist = {
  name: 'traps',
  title: 'Traps of sign-in by mail, factors and OpenID providers',
  introduction:
    'Mistakes that several services of this kind have made, with a reference for each, and the check that finds them.',
  sections: [
    { title: 'Mails and their tickets', traces: MAIL },
    { title: 'Factors', traces: FACTORS },
    { title: 'The OpenID provider', traces: PROVIDER },
  ],
}
