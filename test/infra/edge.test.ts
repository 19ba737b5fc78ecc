import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import { App } from 'aws-cdk-lib'
import { Match, Template } from 'aws-cdk-lib/assertions'
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda'
import t from 'tap'
import { buildCdkApp } from '../../infra/app.js'
import { RING_TIMES } from '../../src/keyring/times.js'
import type { LatchkeySettings } from '../../infra/settings/latchkey-settings.js'
import { describedService } from '../support/described-service.js'
import { optionalRoutes } from '../support/optional-routes.js'
import { withRoutes } from '../support/routes.js'

// What the functions hold is nothing to these templates, and stacks.test.ts bundles at the same time.
Code.fromAsset = () => Code.fromInline('exports.handler = () => {}') as unknown as AssetCode

const WEB_ACL = 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/ours/0a1b2c3d-0a1b-2c3d'

const DOMAIN = {
  name: 'auth.example.com',
  certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/0a1b',
  hostedZone: { id: 'Z0123456789', name: 'example.com' },
}

const BODY_RULES = [
  'CrossSiteScripting_BODY',
  'EC2MetaDataSSRF_BODY',
  'GenericLFI_BODY',
  'GenericRFI_BODY',
  'JavaDeserializationRCE_BODY',
  'Log4JRCE_BODY',
  'ReactJSRCE_BODY',
]

/** Pages with a field for a password. */
const PASSWORD_PAGES = [
  '/login',
  '/register',
  '/reset',
  '/step-up',
  '/undo',
  '/verify',
  '/dashboard/password',
  '/dashboard/email',
]

interface Resource {
  readonly Properties: Record<string, any>
}

/** The service's template; cdk-nag and the validator have looked at it, and a finding is an error. */
function synthesize(latchkey: LatchkeySettings, region = 'us-east-1') {
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: object }
  const app = new App({ context: { ...context, latchkey } })
  const env = { CDK_DEFAULT_ACCOUNT: '123456789012', CDK_DEFAULT_REGION: region }
  return Template.fromStack(buildCdkApp(app, env).stateless)
}

/** The only resource of a type: its logical id and its properties. */
function only(template: Template, type: string): [string, Record<string, any>] {
  const found = Object.entries(template.findResources(type) as Record<string, Resource>)
  const [[id, resource] = []] = found
  if (id === undefined || resource === undefined || found.length > 1) {
    throw new Error(`${found.length} resources are ${type}`)
  }
  return [id, resource.Properties]
}

const app = (template: Template) =>
  Object.entries(template.findResources('AWS::Lambda::Function') as Record<string, Resource>)
    .filter(([id]) => id.startsWith('ServiceApp'))
    .map(([, { Properties }]) => Properties)[0]

const own = synthesize({ cloudFront: {} })
const named = synthesize({ cloudFront: { webAclArn: WEB_ACL }, customDomain: DOMAIN }, 'eu-west-1')

t.test('without the option nothing of it is there', async (t) => {
  const template = synthesize({})
  for (const type of ['CloudFront::Distribution', 'CloudFront::Function', 'WAFv2::WebACL']) {
    template.resourceCountIs(`AWS::${type}`, 0)
  }
  template.resourceCountIs('AWS::SecretsManager::Secret', 0)
  t.notOk('ORIGIN_SECRET' in app(template)?.Environment.Variables)
})

t.test('V12.2.1 V4.1.2 CloudFront stands in front of the API', async (t) => {
  const [id, { DistributionConfig: config }] = only(own, 'AWS::CloudFront::Distribution')
  const [api] = only(own, 'AWS::ApiGatewayV2::Api')
  const { DefaultCacheBehavior: behavior, Origins: origins } = config
  t.equal(config.HttpVersion, 'http2and3')
  t.equal(behavior.ViewerProtocolPolicy, 'https-only')
  t.same([...behavior.AllowedMethods].sort(), [
    'DELETE',
    'GET',
    'HEAD',
    'OPTIONS',
    'PATCH',
    'POST',
    'PUT',
  ])
  const managed = { cachingDisabled: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad' }
  t.equal(behavior.CachePolicyId, managed.cachingDisabled, 'no answer is kept for another')
  t.equal(behavior.OriginRequestPolicyId, 'b689b0a8-53d0-40ab-baf2-68738e2966ac', 'all but host')
  t.same(
    config.CacheBehaviors.map(({ PathPattern, ...rest }: Resource['Properties']) => {
      t.same({ ...rest, CachePolicyId: behavior.CachePolicyId }, behavior, 'as all others')
      return PathPattern
    }),
    ['/.well-known/*'],
    'but what is the same for all verifiers',
  )
  const [brief, { CachePolicyConfig: kept }] = only(own, 'AWS::CloudFront::CachePolicy')
  t.same(config.CacheBehaviors[0].CachePolicyId, { Ref: brief })
  t.match(kept, { MinTTL: 0, DefaultTTL: 0, MaxTTL: 60 }, 'no-store is heeded')
  t.equal(kept.MaxTTL * 1000, RING_TIMES.edge, 'which is waited for before a new key signs')
  t.equal(config.CustomErrorResponses.length, 11)
  for (const { ErrorCode: code, ...rest } of config.CustomErrorResponses) {
    t.same(rest, { ErrorCachingMinTTL: 0 }, `${code} is not kept`)
  }
  t.equal(origins.length, 1)
  t.match(origins[0].CustomOriginConfig, {
    OriginProtocolPolicy: 'https-only',
    OriginSSLProtocols: ['TLSv1.2'],
  })
  t.match(JSON.stringify(origins[0].DomainName), `{"Ref":"${api}"},".execute-api.us-east-1.`)
  const issuer = { 'Fn::Join': ['', ['https://', { 'Fn::GetAtt': [id, 'DomainName'] }]] }
  t.same(app(own)?.Environment.Variables.ISSUER, issuer)
})

t.test('V13.3.1 only CloudFront knows what opens the API', async (t) => {
  for (const template of [own, named]) {
    const [secret, properties] = only(template, 'AWS::SecretsManager::Secret')
    t.same(properties.GenerateSecretString, { PasswordLength: 64, ExcludePunctuation: true })
    t.notOk('SecretString' in properties)
    const [, { DistributionConfig: config }] = only(template, 'AWS::CloudFront::Distribution')
    t.same(config.Origins[0].OriginCustomHeaders, [
      {
        HeaderName: 'x-origin-verify',
        HeaderValue: {
          'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: secret }, ':SecretString:::}}']],
        },
      },
    ])
    const uses = JSON.stringify(template.toJSON()).split('{{resolve:').length - 1
    t.equal(uses, 1, 'nothing else is given the value')
    t.same(app(template)?.Environment.Variables.ORIGIN_SECRET, { Ref: secret })
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'secretsmanager:GetSecretValue',
            Resource: Match.arrayWith([{ Ref: secret }]),
          }),
        ]),
      },
    })
  }
})

t.test('the edge writes over an address that a caller has sent', async (t) => {
  const [id, { FunctionCode: code, FunctionConfig: config }] = only(
    own,
    'AWS::CloudFront::Function',
  )
  t.equal(config.Runtime, 'cloudfront-js-2.0')
  const [, { DistributionConfig: distribution }] = only(own, 'AWS::CloudFront::Distribution')
  t.same(distribution.DefaultCacheBehavior.FunctionAssociations, [
    { EventType: 'viewer-request', FunctionARN: { 'Fn::GetAtt': [id, 'FunctionARN'] } },
  ])
  const accept = { value: '*/*' }
  const event = {
    viewer: { ip: '2001:db8::7' },
    request: {
      uri: '/healthz',
      headers: {
        accept,
        'x-latchkey-viewer-address': {
          value: '6.6.6.6',
          multiValue: [{ value: '6.6.6.6' }, { value: '7.7.7.7' }],
        },
      },
    },
  }
  const request: unknown = runInNewContext(`${code}; handler(event)`, { event })
  t.same(request, {
    uri: '/healthz',
    headers: { accept, 'x-latchkey-viewer-address': { value: '2001:db8::7' } },
  })
})

t.test('AWS WAF looks at every call', async (t) => {
  const [id, acl] = only(own, 'AWS::WAFv2::WebACL')
  const [, { DistributionConfig: config }] = only(own, 'AWS::CloudFront::Distribution')
  t.same(config.WebACLId, { 'Fn::GetAtt': [id, 'Arn'] })
  t.equal(acl.Scope, 'CLOUDFRONT')
  const rules = acl.Rules as Record<string, any>[]
  t.same(
    rules.map(({ Name, Priority }) => [Priority, Name]),
    [
      [0, 'LimitByAddress'],
      [1, 'BusyAddress'],
      [2, 'AWSManagedRulesAmazonIpReputationList'],
      [3, 'AWSManagedRulesKnownBadInputsRuleSet'],
      [4, 'AWSManagedRulesCommonRuleSet'],
      [5, 'Bodies'],
    ],
  )
  const [limit, busy, ...others] = rules
  const managed = others.slice(0, -1)
  t.same(limit?.Statement, {
    RateBasedStatement: { Limit: 10_000, EvaluationWindowSec: 300, AggregateKeyType: 'IP' },
  })
  t.match(limit?.Action, { Block: { CustomResponse: { ResponseCode: 429 } } })
  t.same(busy?.Action, { Count: {} }, 'it is let through, and logged')
  const counted = managed.flatMap(({ OverrideAction, Statement }) => {
    t.same(OverrideAction, { None: {} })
    const { RuleActionOverrides, Version } = Statement.ManagedRuleGroupStatement
    t.equal(Version, undefined, 'AWS keeps it up to date')
    const overrides = RuleActionOverrides as { Name: string; ActionToUse: object }[]
    for (const { ActionToUse } of overrides) t.same(ActionToUse, { Count: {} })
    return overrides.map(({ Name }) => Name)
  })
  t.same(
    counted.filter((name) => !name.endsWith('_BODY')),
    ['NoUserAgent_HEADER', 'SizeRestrictions_QUERYSTRING', 'GenericRFI_QUERYARGUMENTS'],
    'all others block',
  )
  t.same(counted.filter((name) => name.endsWith('_BODY')).sort(), BODY_RULES, 'or are judged last')
  for (const { Name, VisibilityConfig } of [...rules, acl]) {
    t.equal(VisibilityConfig.SampledRequestsEnabled, false, `no credential is shown: ${Name}`)
  }
})

t.test('no firewall refuses a password for its letters', async (t) => {
  const [, { Rules }] = only(own, 'AWS::WAFv2::WebACL')
  const last = (Rules as Record<string, any>[]).at(-1)
  t.match(last, { Name: 'Bodies', Action: { Block: {} } })
  const [found, elsewhere, ...more] = last?.Statement.AndStatement.Statements as Record<
    string,
    any
  >[]
  t.same(more, [])
  const labels = found?.OrStatement.Statements as { LabelMatchStatement: { Key: string } }[]
  t.same(
    labels.map(({ LabelMatchStatement: { Key } }) => Key.split(':').at(-1)?.toUpperCase()).sort(),
    BODY_RULES.filter((name) => name !== 'GenericRFI_BODY').map((name) => name.toUpperCase()),
    'what they put on a request',
  )
  const { RegexString, FieldToMatch } = elsewhere?.NotStatement.Statement.RegexMatchStatement
  t.same(FieldToMatch, { UriPath: {} })
  const isForPasswords = new RegExp(RegexString)
  const { app, routes } = await withRoutes(() => describedService(optionalRoutes()))
  t.teardown(() => app.close())
  const takesPassword = routes.filter(({ schema }) =>
    /password"/i.test(JSON.stringify(schema?.body ?? {})),
  )
  t.ok(takesPassword.length >= 6)
  for (const { url } of takesPassword) t.match(url, isForPasswords)
  for (const url of PASSWORD_PAGES) {
    t.ok(
      routes.some((route) => route.url === url && route.method === 'POST'),
      url,
    )
    t.match(url, isForPasswords)
  }
  for (const url of ['/oauth/token', '/api/apikeys', '/api/admin/users', '/api/authority', '/']) {
    t.notMatch(url, isForPasswords, 'where bodies have none')
  }
})

t.test('the log of the firewall shows no credential', async (t) => {
  const [acl, { DataProtectionConfig: kept, VisibilityConfig: seen }] = only(
    own,
    'AWS::WAFv2::WebACL',
  )
  const [, logging] = only(own, 'AWS::WAFv2::LoggingConfiguration')
  t.same(logging.ResourceArn, { 'Fn::GetAtt': [acl, 'Arn'] })
  t.same(logging.RedactedFields, [
    { SingleHeader: { Name: 'cookie' } },
    { SingleHeader: { Name: 'authorization' } },
    { SingleHeader: { Name: 'x-api-key' } },
    { QueryString: {} },
  ])
  t.same(
    kept.DataProtections.map(({ Field, ...how }: Resource['Properties']) => {
      t.same(how, {
        Action: 'SUBSTITUTION',
        ExcludeRuleMatchDetails: false,
        ExcludeRateBasedDetails: false,
      })
      return Field
    }),
    [
      { FieldType: 'SINGLE_HEADER', FieldKeys: ['cookie', 'authorization', 'x-api-key'] },
      { FieldType: 'QUERY_STRING' },
      { FieldType: 'BODY' },
    ],
    'nor what a rule has found in one',
  )
  t.equal(logging.LoggingFilter.DefaultBehavior, 'DROP', 'what passes is not logged')
  const groups = own.findResources('AWS::Logs::LogGroup') as Record<string, Resource>
  const names = Object.values(groups).map(({ Properties }) => Properties.LogGroupName)
  const ofFirewall = names.filter((name) => JSON.stringify(name ?? '').includes('aws-waf-logs-'))
  t.equal(ofFirewall.length, 1)
  t.match(ofFirewall[0]['Fn::Join'][1][0], /^aws-waf-logs-latchkey-[\w-]+-$/)
  t.match(logging.LogDestinationConfigs[0], { 'Fn::Join': ['', Array] })
  t.notMatch(JSON.stringify(logging.LogDestinationConfigs), '"GetAtt"', 'its ARN without a star')
  t.match(JSON.stringify(seen.MetricName), 'AWS::StackId', 'counted apart from other deployments')
})

t.test("V12.1.1 V12.2.2 the custom domain is CloudFront's, in any region", async (t) => {
  const [id, { DistributionConfig: config }] = only(named, 'AWS::CloudFront::Distribution')
  t.same(config.Aliases, [DOMAIN.name])
  t.same(config.ViewerCertificate, {
    AcmCertificateArn: DOMAIN.certificateArn,
    MinimumProtocolVersion: 'TLSv1.2_2021',
    SslSupportMethod: 'sni-only',
  })
  t.equal(config.WebACLId, WEB_ACL)
  t.match(JSON.stringify(config.Origins[0].DomainName), '.execute-api.eu-west-1.')
  named.resourceCountIs('AWS::WAFv2::WebACL', 0)
  named.resourceCountIs('AWS::ApiGatewayV2::DomainName', 0)
  const [, api] = only(named, 'AWS::ApiGatewayV2::Api')
  t.not(api.DisableExecuteApiEndpoint, true, 'CloudFront comes in there')
  t.equal(app(named)?.Environment.Variables.ISSUER, 'https://auth.example.com')
  for (const Type of ['A', 'AAAA']) {
    named.hasResourceProperties('AWS::Route53::RecordSet', {
      Name: 'auth.example.com.',
      Type,
      AliasTarget: {
        DNSName: { 'Fn::GetAtt': [id, 'DomainName'] },
        HostedZoneId: Match.anyValue(),
      },
    })
  }
})

t.test('a record that is there is changed, for a second one could not be made', async (t) => {
  const certificateArn = DOMAIN.certificateArn.replace('us-east-1', 'eu-west-1')
  const before = synthesize({ customDomain: { ...DOMAIN, certificateArn } }, 'eu-west-1')
  const records = (template: Template) =>
    Object.keys(template.findResources('AWS::Route53::RecordSet', { Properties: { Type: 'A' } }))
  t.equal(records(before).length, 1)
  t.same(records(named), records(before))
})
