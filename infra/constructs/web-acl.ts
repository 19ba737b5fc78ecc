import { ArnFormat, Duration, Stack } from 'aws-cdk-lib'
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch'
import { CfnLoggingConfiguration, CfnWebACL } from 'aws-cdk-lib/aws-wafv2'
import { Construct } from 'constructs'
import { deploymentName } from './deployment-name.js'
import { Logs, type LogsProps } from './logs.js'

interface ManagedRules {
  readonly name: string
  /** Rules of it that only count, each with its reason. */
  readonly counted?: Readonly<Record<string, string>>
  /** Rules of it that look into bodies, and the labels that they put on a request. */
  readonly ofBodies?: Readonly<Record<string, string>>
}

const core = (rule: string) => `awswaf:managed:aws:core-rule-set:${rule}`
const bad = (rule: string) => `awswaf:managed:aws:known-bad-inputs:${rule}`

/**
 * In the versions that AWS makes the default: a version that is named here would stay without the rules against next
 * year's attacks, and ends one day. The alarm `FirewallBlocks` shows a change that goes wrong.
 */
const MANAGED: readonly ManagedRules[] = [
  { name: 'AWSManagedRulesAmazonIpReputationList' },
  {
    name: 'AWSManagedRulesKnownBadInputsRuleSet',
    ofBodies: {
      JavaDeserializationRCE_BODY: bad('JavaDeserializationRCE_Body'),
      Log4JRCE_BODY: bad('Log4JRCE_Body'),
      ReactJSRCE_BODY: bad('ReactJSRCE_Body'),
    },
  },
  {
    name: 'AWSManagedRulesCommonRuleSet',
    counted: {
      NoUserAgent_HEADER: 'Machines that fetch keys or tokens need not say what they are.',
      SizeRestrictions_QUERYSTRING: 'Codes of social sign-ins come in queries, some over 2 kB.',
      GenericRFI_QUERYARGUMENTS:
        'Apps of a person’s own machine come back to http://127.0.0.1 (RFC 8252 §7.3).',
      GenericRFI_BODY: 'They say so in bodies too, and the service opens no file by its URL.',
    },
    ofBodies: {
      CrossSiteScripting_BODY: core('CrossSiteScripting_Body'),
      EC2MetaDataSSRF_BODY: core('EC2MetaDataSSRF_Body'),
      GenericLFI_BODY: core('GenericLFI_Body'),
    },
  },
]

/**
 * Where people type passwords. `../` or `<script` in one is as good as any letter, and the page of a firewall would not
 * even say what was wrong.
 */
const PASSWORD_PATHS =
  '^/(api/(auth|account)|login|register|reset|step-up|undo|verify|dashboard)(/|$)'

/**
 * Requests in five minutes from one address: a flood. It is far above what keys may be given and offices
 * need, for whom the service has limits of its own.
 */
const LIMIT_BY_ADDRESS = 10_000
/** From which an address is in the log, so that a person on call sees who uses up the limit of all. */
const BUSY_ADDRESS = 1000

/** What requests hold that no log may show: https://docs.aws.amazon.com/waf/latest/developerguide/data-protection-masking.html */
const SECRET_HEADERS = ['cookie', 'authorization', 'x-api-key']
const SECRETS: CfnWebACL.FieldToProtectProperty[] = [
  { fieldType: 'SINGLE_HEADER', fieldKeys: SECRET_HEADERS },
  { fieldType: 'QUERY_STRING' },
  // Rules against scripts write down what they found.
  { fieldType: 'BODY' },
]

/** A web ACL of at most 950 of the 1500 units that the price includes, and a log of what it blocks and counts. */
export class WebAcl extends Construct {
  readonly arn: string
  /** Requests that any of its rules blocked. */
  readonly blocked: Metric

  constructor(scope: Construct, id: string, logs: LogsProps) {
    super(scope, id)
    const name = deploymentName(this)
    const managed = MANAGED.map(({ name: group, counted = {}, ofBodies = {} }, index) => ({
      name: group,
      priority: index + 2,
      overrideAction: { none: {} },
      statement: {
        managedRuleGroupStatement: {
          vendorName: 'AWS',
          name: group,
          ruleActionOverrides: Object.keys({ ...counted, ...ofBodies }).map((rule) => ({
            name: rule,
            actionToUse: { count: {} },
          })),
        },
      },
      visibilityConfig: visible(group),
    }))
    const acl = new CfnWebACL(this, 'Default', {
      scope: 'CLOUDFRONT',
      description: 'Latchkey',
      defaultAction: { allow: {} },
      rules: [
        limit('LimitByAddress', 0, LIMIT_BY_ADDRESS, TOO_MANY),
        limit('BusyAddress', 1, BUSY_ADDRESS, { count: {} }),
        ...managed,
        bodies(managed.length + 2),
      ],
      dataProtectionConfig: {
        dataProtections: SECRETS.map((field) => ({
          field,
          action: 'SUBSTITUTION',
          excludeRuleMatchDetails: false,
          excludeRateBasedDetails: false,
        })),
      },
      visibilityConfig: visible(name),
    })
    this.arn = acl.attrArn
    this.blocked = new Metric({
      namespace: 'AWS/WAFV2',
      metricName: 'BlockedRequests',
      dimensionsMap: { WebACL: name, Rule: 'ALL' },
      statistic: Stats.SUM,
      period: Duration.minutes(5),
    })
    this.#log(name, logs)
  }

  /** The only log that has the addresses of requests which the service never saw. What was let through is not in it. */
  #log(name: string, props: LogsProps): void {
    const logs = new Logs(this, 'Log', {
      ...props,
      // AWS WAF takes no other beginning.
      logGroupName: `aws-waf-logs-${name}`,
    })
    const keep = ['BLOCK', 'COUNT', 'EXCLUDED_AS_COUNT']
    new CfnLoggingConfiguration(this, 'Logging', {
      resourceArn: this.arn,
      logDestinationConfigs: [
        Stack.of(this).formatArn({
          service: 'logs',
          resource: 'log-group',
          resourceName: logs.logGroupName,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ],
      redactedFields: [
        ...SECRET_HEADERS.map((Name) => ({ singleHeader: { Name } })),
        { queryString: {} },
      ],
      loggingFilter: {
        DefaultBehavior: 'DROP',
        Filters: [
          {
            Behavior: 'KEEP',
            Requirement: 'MEETS_ANY',
            Conditions: keep.map((Action) => ({ ActionCondition: { Action } })),
          },
        ],
      },
    })
  }
}

const TOO_MANY: CfnWebACL.RuleActionProperty = {
  block: {
    customResponse: {
      responseCode: 429,
      responseHeaders: [{ name: 'retry-after', value: '60' }],
    },
  },
}

const limit = (
  name: string,
  priority: number,
  requests: number,
  action: CfnWebACL.RuleActionProperty,
): CfnWebACL.RuleProperty => ({
  name,
  priority,
  action,
  statement: {
    rateBasedStatement: { limit: requests, evaluationWindowSec: 300, aggregateKeyType: 'IP' },
  },
  visibilityConfig: visible(name),
})

/** Blocks what rules of bodies have found, but not where people type passwords. */
const bodies = (priority: number): CfnWebACL.RuleProperty => ({
  name: 'Bodies',
  priority,
  action: { block: {} },
  statement: {
    andStatement: {
      statements: [
        {
          orStatement: {
            statements: MANAGED.flatMap(({ ofBodies = {} }) => Object.values(ofBodies)).map(
              (key) => ({ labelMatchStatement: { scope: 'LABEL', key } }),
            ),
          },
        },
        {
          notStatement: {
            statement: {
              regexMatchStatement: {
                regexString: PASSWORD_PATHS,
                fieldToMatch: { uriPath: {} },
                textTransformations: [{ priority: 0, type: 'NONE' }],
              },
            },
          },
        },
      ],
    },
  },
  visibilityConfig: visible('Bodies'),
})

/** Curves alone: a sample of a request would show its cookies and credentials. */
const visible = (metricName: string): CfnWebACL.VisibilityConfigProperty => ({
  metricName,
  cloudWatchMetricsEnabled: true,
  sampledRequestsEnabled: false,
})
