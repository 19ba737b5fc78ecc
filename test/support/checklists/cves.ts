import type { Checklist } from './checklist.js'
import { VERIFIERS } from './cves/verifiers.js'
import { FASTIFY } from './cves/fastify.js'
import { BETTER_AUTH } from './cves/better-auth.js'
import { AUTH_JS } from './cves/auth-js.js'
import { SERVERS } from './cves/servers.js'
import { OTHERS } from './cves/others.js'

export const CVES: Checklist = {
  name: 'cves',
  title: 'Vulnerabilities of others',
  introduction:
    'Published vulnerabilities of comparable services and libraries, each with a check that Latchkey has not the same one. Ids are those of the advisories; where there is none, the issue of the project.',
  sections: [
    { title: 'Verifiers of tokens', traces: VERIFIERS },
    { title: 'Fastify and its plugins', traces: FASTIFY },
    { title: 'Better Auth', traces: BETTER_AUTH },
    { title: 'Auth.js and the SDKs of Auth0 and WorkOS', traces: AUTH_JS },
    { title: 'Keycloak, Ory Hydra and Zitadel', traces: SERVERS },
    { title: 'Others', traces: OTHERS },
  ],
}
