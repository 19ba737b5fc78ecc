import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { CreateStackCommand, DeleteStackCommand } from '@aws-sdk/client-cloudformation'
import { Value } from 'typebox/value'
import { must, type Rehearsal } from '../rehearsal.js'

const SCHEMA = join(import.meta.dirname, '../../../docs/cloud-event.schema.json')
const RECEIVER = 'EventsReceiver'

/** What a receiver gets of a rule: the `detail` of the event of EventBridge. */
interface Received {
  readonly id: string
  readonly type: string
  readonly subject: string
  readonly subjectnumber: number
}

/**
 * An event that a request causes goes over the stream, the queue and the bus to a rule, and from there to a queue as a
 * CloudEvent. One that is sent again has the id and the number that it had.
 */
export async function events(rehearsal: Rehearsal): Promise<void> {
  const queueUrl = await deployReceiver(rehearsal)
  const since = new Date().toISOString().replace(/\.\d+/, '')
  const { id, token } = await rehearsal.newPerson()
  must(await rehearsal.call('/api/profile', { method: 'PATCH', token, body: { name: 'Ada' } }), 200)
  const first = await receive(rehearsal, queueUrl, id)

  const { code, output } = await rehearsal.admin('replay', '--since', since)
  assert.equal(code, 0, output)
  assert.deepEqual(await receive(rehearsal, queueUrl, id), first, 'each is as it was')
  await rehearsal.cloudFormation.send(new DeleteStackCommand({ StackName: RECEIVER }))
  await rehearsal.statusOf(RECEIVER).catch(() => undefined)
}

/** A queue and a rule on the bus of the service, as another stack has them. @returns where the queue is. */
async function deployReceiver(rehearsal: Rehearsal): Promise<string> {
  const { EVENT_BUS_ARN } = await rehearsal.variables('ServiceEventsWorker')
  const Queue = { Type: 'AWS::SQS::Queue', Properties: {} }
  const Rule = {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventBusName: EVENT_BUS_ARN?.replace(/^.*event-bus\//, ''),
      EventPattern: { source: ['latchkey'] },
      Targets: [{ Id: 'Queue', Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] }, InputPath: '$.detail' }],
    },
  }
  const template = {
    Resources: { Queue, Rule },
    Outputs: { QueueUrl: { Value: { Ref: 'Queue' } } },
  }
  await rehearsal.cloudFormation.send(
    new CreateStackCommand({ StackName: RECEIVER, TemplateBody: JSON.stringify(template) }),
  )
  assert.equal(await rehearsal.statusOf(RECEIVER), 'CREATE_COMPLETE')
  return rehearsal.output(RECEIVER, 'QueueUrl')
}

const WAIT_MS = 60_000
const PAUSE_MS = 200

/**
 * Takes events of a subject from a queue until its change of name is there, and all that were before it by their numbers.
 * Each is as the published schema says.
 * @returns in the order of their numbers.
 */
async function receive(
  rehearsal: Rehearsal,
  queueUrl: string,
  subject: string,
): Promise<Received[]> {
  const schema = JSON.parse(readFileSync(SCHEMA, 'utf8')) as object
  const received = new Map<number, Received>()
  const inOrder = () => [...received.values()].sort((a, b) => a.subjectnumber - b.subjectnumber)
  const isWhole = () => inOrder().at(-1)?.subjectnumber === received.size
  const isTold = () => inOrder().some(({ type }) => type === 'latchkey.name_changed')
  const deadline = Date.now() + WAIT_MS
  while (!(isTold() && isWhole())) {
    const came = inOrder().map(({ subjectnumber, type }) => `${subjectnumber} ${type}`)
    assert.ok(Date.now() < deadline, `only these came: ${came.join(', ')}`)
    const bodies = await rehearsal.take(queueUrl)
    if (bodies.length === 0) await wait(PAUSE_MS)
    for (const body of bodies) {
      const event = JSON.parse(body) as Received
      assert.deepEqual([...Value.Errors(schema, event)], [])
      if (event.subject === subject) received.set(event.subjectnumber, event)
    }
  }
  return inOrder()
}
