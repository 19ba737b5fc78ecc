import { Duration, Stack } from 'aws-cdk-lib'
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager'
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HttpVersion,
  OriginRequestPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront'
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { AaaaRecord, ARecord, HostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53'
import { CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import { Construct, type IDependable } from 'constructs'
import { ORIGIN_HEADER, VIEWER_HEADER } from '../../src/aws/origin-headers.js'
import { RING_TIMES } from '../../src/keyring/times.js'
import { acknowledge } from './acknowledge.js'
import type { LogsProps } from './logs.js'
import type { CloudFrontSettings, CustomDomainSettings } from '../settings/latchkey-settings.js'
import { WebAcl } from './web-acl.js'

export interface EdgeProps extends CloudFrontSettings {
  /** What stands behind. */
  readonly api: HttpApi
  readonly customDomain?: CustomDomainSettings | undefined
  /** Customer-managed key for the secret. @default - a key that AWS manages in this account */
  readonly encryptionKey?: IKey | undefined
  readonly logs: LogsProps
}

/** Writes over what a caller may have sent: only the edge says who it is. */
const NAME_VIEWER = `function handler(event) {
  var request = event.request
  request.headers['${VIEWER_HEADER}'] = { value: event.viewer.ip }
  return request
}`

/** Every failure that CloudFront would keep for ten seconds and tell to others. */
const FAILURES = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504]

/**
 * CloudFront with a web ACL in front of the API, and a secret between the two, so the API answers no other
 * caller. Nothing is cached but what verifiers read (`/.well-known/*`), and that for a minute: so many of them may
 * start at once, and a minute is counted before a new key signs.
 */
export class Edge extends Construct {
  /** CloudFront's own, e.g. `d111111abcdef8.cloudfront.net`. */
  readonly domainName: string
  /** What CloudFront sends along. It is made at deployment, and the template only says where it is. */
  readonly secret: Secret
  /** The firewall, where it is not one of the team's own. */
  readonly webAcl: WebAcl | undefined
  /** What must be there for a caller to come in. */
  readonly ways: readonly IDependable[]

  constructor(scope: Construct, id: string, props: EdgeProps) {
    super(scope, id)
    const { api, webAclArn, customDomain, encryptionKey, logs } = props
    this.webAcl = webAclArn === undefined ? new WebAcl(this, 'WebAcl', logs) : undefined
    this.secret = new Secret(this, 'OriginSecret', {
      description: 'By which Latchkey knows calls that came through its CloudFront',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      ...(encryptionKey && { encryptionKey }),
    })
    acknowledge(this.secret, {
      'AwsSolutions-SMG4':
        'CloudFront takes a new value at a deployment alone. To change it, deploy without `cloudFront` and with it again.',
    })
    const { region, urlSuffix } = Stack.of(this)
    const behavior: BehaviorOptions = {
      origin: new HttpOrigin(`${api.apiId}.execute-api.${region}.${urlSuffix}`, {
        customHeaders: { [ORIGIN_HEADER]: this.secret.secretValue.unsafeUnwrap() },
      }),
      allowedMethods: AllowedMethods.ALLOW_ALL,
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      // API Gateway knows no other host than its own.
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      compress: false,
      functionAssociations: [
        { eventType: FunctionEventType.VIEWER_REQUEST, function: nameViewer(this) },
      ],
    }
    const distribution = new Distribution(this, 'Distribution', {
      comment: 'Latchkey',
      httpVersion: HttpVersion.HTTP2_AND_3,
      webAclId: (webAclArn ?? this.webAcl?.arn) as string,
      ...(customDomain && {
        domainNames: [customDomain.name],
        certificate: Certificate.fromCertificateArn(
          this,
          'Certificate',
          customDomain.certificateArn,
        ),
        minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      }),
      defaultBehavior: behavior,
      additionalBehaviors: { '/.well-known/*': { ...behavior, cachePolicy: briefly(this) } },
      errorResponses: FAILURES.map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(0) })),
    })
    this.domainName = distribution.distributionDomainName
    acknowledge(distribution, {
      'AwsSolutions-CFR1': 'People may sign in from anywhere.',
      'AwsSolutions-CFR3':
        'Its log has whole queries, and with them the codes of social sign-ins. The API logs each call without.',
      ...(!customDomain && {
        'AwsSolutions-CFR4':
          "CloudFront's own name leaves no choice of TLS versions; `customDomain` takes TLS 1.2 and later.",
      }),
    })
    const domain =
      customDomain && new EdgeDomain(scope, 'Domain', { ...customDomain, distribution })
    this.ways = domain ? [distribution, domain] : [distribution]
  }
}

interface EdgeDomainProps extends CustomDomainSettings {
  readonly distribution: Distribution
}

/**
 * Points a name at CloudFront. Its logical ids are those of `CustomDomain`, so that a deployment changes the
 * record that is there: another one of the same name could not be made beside it.
 */
class EdgeDomain extends Construct {
  constructor(scope: Construct, id: string, { name, hostedZone, distribution }: EdgeDomainProps) {
    super(scope, id)
    if (hostedZone) {
      const { id: hostedZoneId, name: zoneName } = hostedZone
      const record = {
        zone: HostedZone.fromHostedZoneAttributes(this, 'Zone', { hostedZoneId, zoneName }),
        recordName: `${name}.`,
        target: RecordTarget.fromAlias(new CloudFrontTarget(distribution)),
      }
      new ARecord(this, 'Record', record)
      new AaaaRecord(this, 'Record6', record)
    }
  }
}

/** For as long as an answer allows, a minute at most; what says `no-store` is not kept. */
const briefly = (scope: Construct): CachePolicy =>
  new CachePolicy(scope, 'Briefly', {
    comment: 'Latchkey: keys and discovery, the same for all callers',
    minTtl: Duration.seconds(0),
    defaultTtl: Duration.seconds(0),
    maxTtl: Duration.millis(RING_TIMES.edge),
  })

const nameViewer = (scope: Construct): EdgeFunction =>
  new EdgeFunction(scope, 'NameViewer', {
    comment: 'Latchkey: tells the API who calls',
    code: FunctionCode.fromInline(NAME_VIEWER),
    runtime: FunctionRuntime.JS_2_0,
  })
