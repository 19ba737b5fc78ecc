import { TOKENS } from './asvs/tokens.js'
import type { Checklist } from './checklist.js'

export const ASVS: Checklist = {
  name: 'asvs',
  title: 'OWASP ASVS 5.0, levels 1 and 2',
  introduction:
    'The requirements of the [OWASP Application Security Verification Standard 5.0](https://github.com/OWASP/ASVS/tree/v5.0.0/5.0) that apply to a service like this one. Ids and levels are those of the standard, by the OWASP Foundation under [CC BY-SA 4.0](https://creativecommons.org/licenses/by-sa/4.0/); the wording of each requirement is ours, and shorter. `asvs.csv` is under the same licence.',
  sections: [{ title: 'V9 Self-contained tokens', traces: TOKENS }],
}
