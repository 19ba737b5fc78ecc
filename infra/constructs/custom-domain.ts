import { DomainName, SecurityPolicy } from 'aws-cdk-lib/aws-apigatewayv2'
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager'
import { ARecord, HostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53'
import { ApiGatewayv2DomainProperties } from 'aws-cdk-lib/aws-route53-targets'
import { Construct, type IDependable } from 'constructs'
import type { CustomDomainSettings } from '../settings/latchkey-settings.js'

/** A name of one's own in front of the API: TLS 1.2 at least, the certificate by ACM. */
export class CustomDomain extends Construct {
  readonly domainName: DomainName
  /** Where a DNS record of the name points. */
  readonly target: string
  /** What must be there for a caller to come in. */
  readonly ways: readonly IDependable[]

  constructor(scope: Construct, id: string, settings: CustomDomainSettings) {
    super(scope, id)
    const { name, certificateArn, hostedZone } = settings
    this.domainName = new DomainName(this, 'Name', {
      domainName: name,
      certificate: Certificate.fromCertificateArn(this, 'Certificate', certificateArn),
      securityPolicy: SecurityPolicy.TLS_1_2,
    })
    const { regionalDomainName, regionalHostedZoneId } = this.domainName
    this.target = regionalDomainName
    const ways: IDependable[] = [this.domainName]
    if (hostedZone) {
      const { id: hostedZoneId, name: zoneName } = hostedZone
      const record = new ARecord(this, 'Record', {
        zone: HostedZone.fromHostedZoneAttributes(this, 'Zone', { hostedZoneId, zoneName }),
        recordName: `${name}.`,
        target: RecordTarget.fromAlias(
          new ApiGatewayv2DomainProperties(regionalDomainName, regionalHostedZoneId),
        ),
      })
      ways.push(record)
    }
    this.ways = ways
  }
}
