import type { Checklist } from './checklist.js'
import { TOKENS } from './rfc/tokens.js'
import { OAUTH } from './rfc/oauth.js'
import { HTTP } from './rfc/http.js'
import { PASSWORDS } from './rfc/passwords.js'

export const RFC: Checklist = {
  name: 'rfc',
  title: 'RFCs, NIST and OWASP',
  introduction:
    'What RFC 8725, 7515, 9068, 6750, 9700, 7636, 9207, 7009, 7662, 6749 and 9457, NIST SP 800-63B-4 and the cheat sheets of OWASP ask of a service like this one, and how each is checked. The wording is ours.',
  sections: [
    { title: 'Tokens', traces: TOKENS },
    { title: 'OAuth', traces: OAUTH },
    { title: 'HTTP', traces: HTTP },
    { title: 'Passwords', traces: PASSWORDS },
  ],
}
