import { API } from './asvs/api.js'
import { AUTHENTICATION } from './asvs/authentication.js'
import { AUTHORIZATION } from './asvs/authorization.js'
import { CODING } from './asvs/coding.js'
import { COMMUNICATION } from './asvs/communication.js'
import { CONFIGURATION } from './asvs/configuration.js'
import { CRYPTOGRAPHY } from './asvs/cryptography.js'
import { DATA } from './asvs/data.js'
import { ENCODING } from './asvs/encoding.js'
import { LOGGING } from './asvs/logging.js'
import { OAUTH } from './asvs/oauth.js'
import { SESSIONS } from './asvs/sessions.js'
import { TOKENS } from './asvs/tokens.js'
import { VALIDATION } from './asvs/validation.js'
import { WEB_FRONTEND } from './asvs/web-frontend.js'
import type { Checklist } from './checklist.js'

export const ASVS: Checklist = {
  name: 'asvs',
  title: 'OWASP ASVS 5.0, levels 1 and 2',
  introduction:
    'The requirements of the [OWASP Application Security Verification Standard 5.0](https://github.com/OWASP/ASVS/tree/v5.0.0/5.0) that apply to a service like this one. Ids and levels are those of the standard, by the OWASP Foundation under [CC BY-SA 4.0](https://creativecommons.org/licenses/by-sa/4.0/); the wording of each requirement is ours, and shorter. `asvs.csv` is under the same licence. Chapters V5 (files) and V17 (WebRTC) are about what the service does not have.',
  sections: [
    { title: 'V1 Encoding and sanitization', traces: ENCODING },
    { title: 'V2 Validation and business logic', traces: VALIDATION },
    { title: 'V3 Web frontend', traces: WEB_FRONTEND },
    { title: 'V4 API and web service', traces: API },
    { title: 'V6 Authentication', traces: AUTHENTICATION },
    { title: 'V7 Session management', traces: SESSIONS },
    { title: 'V8 Authorization', traces: AUTHORIZATION },
    { title: 'V9 Self-contained tokens', traces: TOKENS },
    { title: 'V10 OAuth and OIDC', traces: OAUTH },
    { title: 'V11 Cryptography', traces: CRYPTOGRAPHY },
    { title: 'V12 Secure communication', traces: COMMUNICATION },
    { title: 'V13 Configuration', traces: CONFIGURATION },
    { title: 'V14 Data protection', traces: DATA },
    { title: 'V15 Secure coding and architecture', traces: CODING },
    { title: 'V16 Security logging and error handling', traces: LOGGING },
  ],
}
