import type { Traces } from '../trace.js'

const GRANTS =
  'infra/stacks.test.ts: V13.2.2 V13.3.2 each function may do what it does, and nothing else'
const SECRETS =
  'infra/stacks.test.ts: V13.3.1 no secret passes through a template, an output or a variable'
const ASSETS = 'infra/stacks.test.ts: V13.4.1 V15.2.3 nothing is deployed but code of the functions'

export const CONFIGURATION: Traces = {
  'V13.1.1': [{ decision: 'docs/security/decisions.md#whom-the-service-talks-to' }],
  'V13.2.1': [
    'infra/stacks.test.ts: F21 F25 V4.2.1 V13.2.1 the functions',
    'infra/deploy-workflow.test.ts: no key of AWS is kept: each job asks for a role with a token of its own',
  ],
  'V13.2.2': [
    GRANTS,
    'infra/mail.test.ts: V13.2.2 V13.3.2 what sends mail may do that, and nothing else',
    'infra/events.test.ts: V13.2.2 V13.3.2 what sends events may do that, and nothing else',
    'infra/template-exceptions.test.ts: an exception that no finding needs is stale, for each resource and each tool',
    { decision: 'docs/security/decisions.md#the-one-scan-of-the-service' },
  ],
  'V13.2.4': [
    { decision: 'docs/security/decisions.md#whom-the-service-talks-to' },
    'security/foreign.test.ts: V1.3.6 the fetcher of foreign URLs connects only to global unicast addresses',
    'security/foreign.test.ts: no other foreign URL is fetched',
  ],
  'V13.3.1': [
    SECRETS,
    'infra/edge.test.ts: V13.3.1 only CloudFront knows what opens the API',
    'entry/lambda.test.ts: the Lambda prints no secret',
    'entry/fuzz.test.ts: a fuzzed setting stops the boot with a sentence that quotes no secret',
  ],
  'V13.3.2': [
    'infra/stacks.test.ts: each secret of keys has its own readers, and only the rotation has the spare',
    GRANTS,
  ],
  'V13.4.1': [ASSETS],
  'V13.4.2': [
    'plugins/errors.test.ts: the problem of an unexpected error says nothing but a request id',
    'prove/identity-provider.test.ts: there is none in production, nor where others may come',
    'prove/mail.test.ts: a deployed service has no mailbox of local mail',
  ],
  'V13.4.4': [
    'security/wire.test.ts: RFC 9112: each answer on an HTTP connection is ours, and the connection goes on or ends',
    'prove/every-answer.test.ts: every route, asked by each method and kind of client, answers itself: ${what}',
  ],
  'V13.4.5': [
    'plugins/openapi.test.ts: the interactive page of the OpenAPI document is not part of a deployed service',
    { decision: 'docs/security/decisions.md#what-anyone-may-read' },
  ],
}
