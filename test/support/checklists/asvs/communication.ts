import type { Traces } from '../trace.js'

const DOMAIN =
  'infra/stacks.test.ts: V12.1.1 V12.2.1 V12.2.2 V4.1.2 a custom domain is the only way in'
const EDGE = 'infra/edge.test.ts: V12.2.1 V4.1.2 CloudFront stands in front of the API'
const OWN_NAME =
  "infra/edge.test.ts: V12.1.1 V12.2.2 the custom domain is CloudFront's, in any region"
const NO_TLS = 'social/evil-provider.test.ts: V10.5.3 a provider with TLS has no endpoint without'

export const COMMUNICATION: Traces = {
  'V12.1.1': [DOMAIN, OWN_NAME],
  'V12.2.1': [
    DOMAIN,
    EDGE,
    'config.test.ts: the configuration takes an https origin for an issuer, and any on loopback',
  ],
  'V12.2.2': [DOMAIN, OWN_NAME],
  'V12.3.1': [
    'config.test.ts: the configuration refuses identity providers that are wrong, and quotes none of their secrets',
    NO_TLS,
    'security/foreign.test.ts: no other foreign URL is fetched',
    'local/smtp-mailer.test.ts: a mail by SMTP leaves this machine by TLS alone',
    'infra/mail.test.ts: its own configuration set needs TLS, tracks nothing, and heeds bounces',
  ],
  'V12.3.2': [
    'config.test.ts: the configuration refuses a variable that is no choice or too short',
    'security/foreign.test.ts: a foreign URL is fetched from the name’s own certificate',
  ],
}
