import type { Traces } from '../trace.js'

export const API: Traces = {
  'V4.1.1': [
    'support/answers.test.ts: the scan of the suite finds an answer that breaks a rule',
    'security/http.test.ts: RS-1, PD-1: every answer has the security headers, every failure is a problem',
  ],
  'V4.1.2': [
    'infra/stacks.test.ts: V12.1.1 V12.2.1 V12.2.2 V4.1.2 a custom domain is the only way in',
    'infra/edge.test.ts: V12.2.1 V4.1.2 CloudFront stands in front of the API',
  ],
  'V4.1.3': [
    'security/http.test.ts: CVE-2026-3635: who an HTTP request says it is for, or from, decides nothing',
    'entry/origin.test.ts: where no CloudFront stands in front of the Lambda, its headers mean nothing',
    'entry/origin.test.ts: the address of a Lambda call is the one that CloudFront saw, in format ${format}',
    'infra/edge.test.ts: the edge writes over an address that a caller has sent',
  ],
  'V4.2.1': [
    'infra/stacks.test.ts: F21 F25 V4.2.1 V13.2.1 the functions',
    'entry/lambda.test.ts: a Lambda event in a shape that is not known is named',
    'security/wire.test.ts: RFC 9112: each answer on an HTTP connection is ours, and the connection goes on or ends',
  ],
}
