import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2'
import type { Construct } from 'constructs'

interface ManagedRules {
  readonly name: string
  /** Rules of it that only count, each with its reason. */
  readonly counted?: Readonly<Record<string, string>>
}

const MANAGED: readonly ManagedRules[] = [
  { name: 'AWSManagedRulesAmazonIpReputationList' },
  { name: 'AWSManagedRulesKnownBadInputsRuleSet' },
  {
    name: 'AWSManagedRulesCommonRuleSet',
    counted: {
      NoUserAgent_HEADER: 'Machines that fetch keys or tokens need not say what they are.',
      SizeRestrictions_QUERYSTRING: 'Codes of social sign-ins come in queries, some over 2 kB.',
    },
  },
]

/**
 * Requests in five minutes from one address: a flood. It is far above what keys may be given and offices
 * need, for whom the service has limits of its own.
 */
const LIMIT_BY_ADDRESS = 10_000

/** @returns a web ACL of at most 927 of the 1500 units that the price includes. */
export function webAcl(scope: Construct): CfnWebACL {
  const managed = MANAGED.map(({ name, counted = {} }, index) => ({
    name,
    priority: index + 1,
    overrideAction: { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: 'AWS',
        name,
        ruleActionOverrides: Object.keys(counted).map((rule) => ({
          name: rule,
          actionToUse: { count: {} },
        })),
      },
    },
    visibilityConfig: visible(name),
  }))
  const limit = {
    name: 'LimitByAddress',
    priority: 0,
    action: {
      block: {
        customResponse: {
          responseCode: 429,
          responseHeaders: [{ name: 'retry-after', value: '60' }],
        },
      },
    },
    statement: {
      rateBasedStatement: {
        limit: LIMIT_BY_ADDRESS,
        evaluationWindowSec: 300,
        aggregateKeyType: 'IP',
      },
    },
    visibilityConfig: visible('LimitByAddress'),
  }
  return new CfnWebACL(scope, 'WebAcl', {
    scope: 'CLOUDFRONT',
    description: 'Latchkey',
    defaultAction: { allow: {} },
    rules: [limit, ...managed],
    visibilityConfig: visible('Latchkey'),
  })
}

/** Curves alone: a sample of a request would show its cookies and credentials. */
const visible = (metricName: string): CfnWebACL.VisibilityConfigProperty => ({
  metricName,
  cloudWatchMetricsEnabled: true,
  sampledRequestsEnabled: false,
})
