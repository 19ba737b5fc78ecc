import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import type { LatchkeyData } from '../constructs/data.js'
import { LatchkeyService } from '../constructs/service.js'
import { exportOf, outputOf } from '../constructs/exported-authorizer.js'
import type { ApiKeyAuthorizers } from '../settings/file.js'
import type { LatchkeySettings } from '../settings/latchkey-settings.js'

export interface StatelessStackProps extends StackProps {
  readonly data: LatchkeyData
  readonly settings: LatchkeySettings
  /** Authorizers for APIs of other CDK apps. @default - none */
  readonly apiKeyAuthorizers?: ApiKeyAuthorizers
}

/** Functions, API, alarms and dashboard. Each new deployment has another address, unless it has a custom domain. */
export class StatelessStack extends Stack {
  readonly service: LatchkeyService

  constructor(
    scope: Construct,
    id: string,
    { data, settings, apiKeyAuthorizers = {}, ...props }: StatelessStackProps,
  ) {
    super(scope, id, props)
    this.service = new LatchkeyService(this, 'Service', { ...settings, data })
    const { issuer, domainTarget } = this.service
    new CfnOutput(this, 'Issuer', { value: issuer, description: 'Base URL, and `iss` of tokens' })
    if (domainTarget !== undefined) {
      const description = 'Where the DNS record of the custom domain points'
      new CfnOutput(this, 'DomainTarget', { value: domainTarget, description })
    }
    // What LatchkeyData says of its secrets must not depend on settings: a roll-back still asks for it.
    new CfnOutput(this, 'ProvidersSecret', {
      value: data.providers.secretArn,
      description: 'Where the identity providers are written',
    })
    for (const [name, scopes] of Object.entries(apiKeyAuthorizers)) this.#export(name, scopes)
  }

  /** CloudFormation keeps what an API of another stack uses. */
  #export(name: string, scopes: readonly string[]): void {
    const id = outputOf(name)
    const { functionArn } = this.service.makeAuthorizer(this.service, id, {
      accepts: 'api-key',
      scopes,
    })
    new CfnOutput(this, id, {
      value: functionArn,
      exportName: exportOf(this.stackName, name),
      description: `Judges API keys for other APIs, which need ${scopes.join(' ') || 'no scope'}`,
    })
  }
}
