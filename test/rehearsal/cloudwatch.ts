import { type Emulator, REGION } from './emulator.js'
import { call } from './http.js'
import { must } from './rehearsal.js'

/** An alarm as it is deployed. */
export interface DeployedAlarm {
  readonly AlarmName: string
  readonly Namespace: string
  readonly MetricName: string
  readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[]
  readonly ExtendedStatistic?: string
  readonly Period: number
  readonly EvaluationPeriods: number
  readonly Threshold: number
  readonly ComparisonOperator: string
  readonly StateValue: string
  readonly AlarmActions: readonly string[]
}

/** Values of a metric. */
export interface Datum {
  readonly MetricName: string
  readonly Dimensions: DeployedAlarm['Dimensions']
  /** Seconds. */
  readonly Timestamp: number
  readonly Values: readonly number[]
  readonly Counts: readonly number[]
}

/** CloudWatch of the emulator by its JSON protocol: the project needs no client of it otherwise. */
export class CloudWatch {
  readonly #endpoint: string

  constructor({ endpoint }: Emulator) {
    this.#endpoint = endpoint
  }

  /** The alarms whose names begin so. */
  async alarms(AlarmNamePrefix: string): Promise<DeployedAlarm[]> {
    const body = { AlarmNamePrefix, MaxRecords: 100 }
    const { MetricAlarms } = await this.#ask('DescribeAlarms', body)
    return MetricAlarms as DeployedAlarm[]
  }

  /** The emulator judges every alarm at each. */
  async put(Namespace: string, datum: Datum): Promise<void> {
    await this.#ask('PutMetricData', { Namespace, MetricData: [datum] })
  }

  async #ask(operation: string, body: object) {
    const scope = `20300131/${REGION}/monitoring/aws4_request`
    const answer = await call(this.#endpoint, {
      body,
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `GraniteServiceVersion20100801.${operation}`,
        authorization: `AWS4-HMAC-SHA256 Credential=test/${scope}, SignedHeaders=host, Signature=0`,
      },
    })
    must(answer, 200)
    return answer.body
  }
}
