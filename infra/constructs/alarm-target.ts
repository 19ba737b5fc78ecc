import { Annotations, Stack } from 'aws-cdk-lib'
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import type { Construct } from 'constructs'
import { acknowledge } from './acknowledge.js'

export interface AlarmTargetProps {
  /** The address that alarms are sent to. */
  readonly email?: string | undefined
  /** Customer-managed key of the topic for the address. @default - none: there is nothing secret in an alarm */
  readonly encryptionKey?: IKey | undefined
  /** A topic of the team, such as the one of its pager. */
  readonly topicArn?: string | undefined
}

/** Whom alarms call: when one fires, and when it is over. */
export class AlarmTarget {
  readonly #actions: readonly SnsAction[]

  constructor(scope: Construct, { email, encryptionKey, topicArn }: AlarmTargetProps) {
    const topics: ITopic[] = []
    if (email !== undefined) topics.push(mailTopic(scope, email, encryptionKey))
    if (topicArn !== undefined) topics.push(Topic.fromTopicArn(scope, 'OwnTopic', topicArn))
    this.#actions = topics.map((topic) => new SnsAction(topic))
    if (topics.length > 0) return
    Annotations.of(scope).addInfo(
      'Alarms call no one: they are in the console alone. Give alarmEmail, alarmTopicArn or both.',
    )
  }

  /** @param isDataExpected whether an alarm without data calls too. */
  tell(alarm: Alarm, { isDataExpected }: { readonly isDataExpected: boolean }): void {
    alarm.addAlarmAction(...this.#actions)
    alarm.addOkAction(...this.#actions)
    if (isDataExpected) alarm.addInsufficientDataAction(...this.#actions)
  }
}

function mailTopic(scope: Construct, email: string, encryptionKey: IKey | undefined): Topic {
  const topic = new Topic(scope, 'Topic', {
    enforceSSL: true,
    ...(encryptionKey && { masterKey: encryptionKey }),
  })
  if (encryptionKey) allowAlarms(encryptionKey)
  topic.addSubscription(new EmailSubscription(email))
  // A policy of one's own takes the place of the default one, by which alarms of the account may publish.
  topic.addToResourcePolicy(
    new PolicyStatement({
      actions: ['sns:Publish'],
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
  )
  acknowledge(topic, {
    'Serverless-SNSRedrivePolicy': 'A letter that can not be sent is shown by the console.',
  })
  return topic
}

/** CloudWatch publishes in its own name, as it writes logs (`logs.ts`). */
function allowAlarms(key: IKey): void {
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: 'LatchkeyAlarms',
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(key).account } },
    }),
    true,
  )
}
