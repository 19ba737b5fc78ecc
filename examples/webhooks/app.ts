import { App, Duration, Stack } from 'aws-cdk-lib'
import { Alarm, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import {
  ApiDestination,
  Authorization,
  Connection,
  type IApiDestination,
  Rule,
  RuleTargetInput,
} from 'aws-cdk-lib/aws-events'
import { ApiDestination as ApiDestinationTarget } from 'aws-cdk-lib/aws-events-targets'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Latchkey } from '../../infra/constructs/latchkey.js'

/** Where the receiver is: HTTPS, with a certificate that AWS trusts. */
const ENDPOINT = 'https://orders.example.com/hooks/latchkey'

/** Sends what happens to people to a webhook: EventBridge delivers it, and tries for 24 hours. */
export function buildWebhooks(app = new App()): Stack {
  const stack = new Stack(app, 'Webhooks')
  const latchkey = new Latchkey(stack, 'Latchkey', { events: {} })

  // The receiver knows it by the same secret: aws secretsmanager get-secret-value
  const secret = new Secret(stack, 'Secret', {
    description: 'What webhooks of Latchkey show their receiver',
    generateSecretString: { passwordLength: 48, excludePunctuation: true },
  })
  const connection = new Connection(stack, 'Connection', {
    authorization: Authorization.apiKey('x-webhook-secret', secret.secretValue),
  })
  const destination = new ApiDestination(stack, 'Destination', {
    connection,
    endpoint: ENDPOINT,
    rateLimitPerSecond: 50,
  })
  const undelivered = new Queue(stack, 'Undelivered', {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  })
  new Rule(stack, 'People', {
    eventBus: latchkey.eventBus,
    eventPattern: {
      source: ['latchkey'],
      detailType: ['latchkey.user_created', 'latchkey.account_erased', 'latchkey.authz_admin'],
    },
    targets: [
      new ApiDestinationTarget(destination as IApiDestination, {
        // The CloudEvent itself, without what EventBridge has around it.
        event: RuleTargetInput.fromEventPath('$.detail'),
        maxEventAge: Duration.hours(24),
        retryAttempts: 185,
        deadLetterQueue: undelivered,
      }),
    ],
  })
  new Alarm(stack, 'WebhookUndelivered', {
    alarmDescription: 'The receiver of webhooks did not take an event in 24 hours.',
    metric: undelivered.metricApproximateNumberOfMessagesVisible({
      period: Duration.minutes(5),
      statistic: Stats.MAXIMUM,
    }),
    threshold: 1,
    evaluationPeriods: 1,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  })
  return stack
}
