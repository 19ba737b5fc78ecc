import { readFileSync } from 'node:fs'
import { App, Stack } from 'aws-cdk-lib'
import { Match, Template } from 'aws-cdk-lib/assertions'
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda'
import t from 'tap'
import { buildCdkApp } from '../../infra/app.js'
import { Latchkey } from '../../infra/constructs/latchkey.js'

// What the functions hold is nothing to these templates, and stacks.test.ts bundles at the same time.
Code.fromAsset = () => Code.fromInline('exports.handler = () => {}') as unknown as AssetCode

const REGION = { CDK_DEFAULT_ACCOUNT: '123456789012', CDK_DEFAULT_REGION: 'eu-west-1' }
const BUS = 'arn:aws:events:eu-west-1:123456789012:event-bus/security'

interface Statement {
  readonly Action: string | string[]
  readonly Resource: unknown
}

/** The service's template; cdk-nag and the validator have looked at it, and a finding is an error. */
function synthesize(latchkey: object) {
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: object }
  const app = new App({ context: { ...context, latchkey } })
  return Template.fromStack(buildCdkApp(app, REGION).stateless)
}

const made = synthesize({ events: {} })
const given = synthesize({ events: { busArn: BUS }, mail: { from: 'auth@example.com' } })

const statementsOf = (template: Template): Statement[] =>
  Object.entries(template.findResources('AWS::IAM::Policy'))
    .filter(([name]) => name.startsWith('ServiceEventsWorker'))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement as Statement[])

t.test('events go to a bus of their own, or to one of the team', async () => {
  made.resourceCountIs('AWS::Events::EventBus', 1)
  given.resourceCountIs('AWS::Events::EventBus', 0)
  given.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: Match.objectLike({ EVENT_BUS_ARN: BUS }) },
  })
  synthesize({}).resourceCountIs('AWS::Lambda::EventSourceMapping', 0)
})

t.test('V13.2.2 V13.3.2 what sends events may do that, and nothing else', async (t) => {
  for (const template of [made, given]) {
    const statements = statementsOf(template)
    const actions = [...new Set(statements.flatMap(({ Action }) => [Action].flat()))].sort()
    t.same(actions, [
      'dynamodb:BatchGetItem',
      'dynamodb:DescribeStream',
      'dynamodb:GetRecords',
      'dynamodb:GetShardIterator',
      'dynamodb:ListStreams',
      'dynamodb:UpdateItem',
      'events:PutEvents',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:ReceiveMessage',
      'sqs:SendMessage',
    ])
    for (const { Resource } of statements) t.not(Resource, '*')
    t.notMatch(JSON.stringify(statements), /KeyRing|TicketKeys|DataKeys|Tablesusers/)
  }
  const put = statementsOf(given).find(({ Action }) => Action === 'events:PutEvents')
  t.equal(put?.Resource, BUS)
})

t.test('events of the trail and tombstones alone come from the stream', async () => {
  made.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    StartingPosition: 'TRIM_HORIZON',
    FilterCriteria: {
      Filters: [
        {
          Pattern: JSON.stringify({
            eventName: ['INSERT'],
            dynamodb: {
              NewImage: { event: { S: [{ exists: true }] }, times: { N: [{ exists: false }] } },
            },
          }),
        },
        {
          Pattern: JSON.stringify({
            eventName: ['INSERT'],
            dynamodb: { Keys: { userId: { S: ['ERASED'] } } },
          }),
        },
      ],
    },
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    BisectBatchOnFunctionError: true,
    MaximumRecordAgeInSeconds: 82_800,
    DestinationConfig: { OnFailure: Match.anyValue() },
  })
  made.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    BatchSize: 10,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    EventSourceArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^ServiceEventsQueue'), 'Arn'] },
  })
  made.hasResourceProperties('AWS::SQS::Queue', {
    VisibilityTimeout: 120,
    RedrivePolicy: { maxReceiveCount: 30 },
  })
})

t.test('the construct has the bus of events, where the setting asks for one', async (t) => {
  const stack = new Stack(new App(), 'Team')
  t.ok(new Latchkey(stack, 'With', { events: {} }).eventBus.eventBusArn)
  t.throws(() => new Latchkey(stack, 'Without').eventBus, /events must be given/)
})
