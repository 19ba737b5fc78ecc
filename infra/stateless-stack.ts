import { Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import type { LatchkeyData } from './latchkey-data.js'
import { LatchkeyService } from './latchkey-service.js'
import type { LatchkeySettings } from './settings.js'

export interface StatelessStackProps extends StackProps {
  readonly data: LatchkeyData
  readonly settings: LatchkeySettings
}

/** Functions, API, alarms and dashboard: may be deleted and deployed again at any time. */
export class StatelessStack extends Stack {
  readonly service: LatchkeyService

  constructor(scope: Construct, id: string, { data, settings, ...props }: StatelessStackProps) {
    super(scope, id, props)
    this.service = new LatchkeyService(this, 'Service', { ...settings, data })
  }
}
