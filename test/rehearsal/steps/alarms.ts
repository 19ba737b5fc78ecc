import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import { CreateStackCommand, DeleteStackCommand } from '@aws-sdk/client-cloudformation'
import { CloudWatch, type DeployedAlarm } from '../cloudwatch.js'
import { OTHERWISE } from '../left-out.js'
import type { Rehearsal } from '../rehearsal.js'

/** How long a bad value stays in the window of its alarm. */
const BAD_SECONDS = 2
const WAIT_MS = BAD_SECONDS * 1000 + 500
const STACK = 'AlarmCalls'

/**
 * Each alarm that the emulator judges fires at its threshold and not below, ends with a good value, and calls the topic
 * for both. What the emulator does otherwise than AWS is in `left-out.ts`.
 */
export async function alarms(rehearsal: Rehearsal): Promise<void> {
  const cloudWatch = new CloudWatch(rehearsal.emulator)
  const all = await cloudWatch.alarms('Latchkey-')
  const fed = all.filter(isFed)
  assert.ok(fed.length >= 15, `${fed.length} alarms are fed`)
  const [topic] = fed[0]?.AlarmActions ?? []
  assert.ok(topic, 'alarms call a topic')
  await listen(rehearsal, topic)

  const feeder = new Feeder(cloudWatch)
  await feeder.tryOtherwise(fed)
  for (const wave of wavesOf(fed)) await feeder.feed(wave)

  const expected = fed.flatMap(({ AlarmName }) => [`${AlarmName} ALARM`, `${AlarmName} OK`])
  await callsOf(rehearsal, expected)
  await rehearsal.cloudFormation.send(new DeleteStackCommand({ StackName: STACK }))
  await rehearsal.statusOf(STACK).catch(() => undefined)
}

/** `RotationMissing` never has a bad value, and metric math is left out of the stack. */
const isFed = ({ Namespace, ComparisonOperator }: DeployedAlarm): boolean =>
  Namespace !== 'Rehearsal' && ComparisonOperator === 'GreaterThanOrEqualToThreshold'

const windowOf = ({ Period, EvaluationPeriods }: DeployedAlarm): number =>
  Period * EvaluationPeriods

/** The emulator gives all functions one metric: alarms that share it are fed in turn, those with longer windows first. */
function wavesOf(fed: readonly DeployedAlarm[]): DeployedAlarm[][] {
  const waves: DeployedAlarm[][] = []
  for (const [place, alarm] of fed.entries()) {
    const { Namespace, MetricName } = alarm
    const before = fed.filter((other, at) => {
      if (other.Namespace !== Namespace || other.MetricName !== MetricName) return false
      const longer = windowOf(other) - windowOf(alarm)
      return longer > 0 || (longer === 0 && at < place)
    })
    waves[before.length] = [...(waves[before.length] ?? []), alarm]
  }
  return waves
}

class Feeder {
  readonly #cloudWatch: CloudWatch

  constructor(cloudWatch: CloudWatch) {
    this.#cloudWatch = cloudWatch
  }

  /** Feeds alarms values just below their thresholds, at them, and good ones. */
  async feed(wave: readonly DeployedAlarm[]): Promise<void> {
    for (const alarm of wave) {
      await this.#put(alarm, alarm.Threshold * 0.99, edgeOf(alarm))
      await this.#mustBe(alarm, 'OK')
    }
    for (const alarm of wave) {
      await this.#put(alarm, alarm.Threshold, edgeOf(alarm))
      await this.#mustBe(alarm, 'ALARM')
    }
    await wait(WAIT_MS)
    await this.#end(wave)
  }

  /** @throws {Error} once the emulator does as AWS does. */
  async tryOtherwise(fed: readonly DeployedAlarm[]): Promise<void> {
    const named = (name: string) =>
      fed.find(({ AlarmName }) => AlarmName.includes(`Alarms${name}`)) as DeployedAlarm
    const [replays, slow] = [named('TokenReuse'), named('SlowAnswers')]
    const elsewhere = { ...replays, Dimensions: [{ Name: 'service', Value: 'another' }] }
    await this.#put(elsewhere, replays.Threshold, edgeOf(replays))
    await this.#mustBe(replays, 'ALARM', OTHERWISE.dimensions)
    await this.#put({ ...slow, ExtendedStatistic: '' }, slow.Threshold, edgeOf(slow))
    await this.#mustBe(slow, 'ALARM', `${OTHERWISE.periods} ${OTHERWISE.fewSamples}`)
    await wait(WAIT_MS)
    await this.#mustBe(replays, 'ALARM', OTHERWISE.missing)
    await this.#end([replays, slow])
  }

  /** Good values come once the bad ones have left the windows. */
  async #end(wave: readonly DeployedAlarm[]): Promise<void> {
    for (const alarm of wave) {
      await this.#put(alarm, 0, Date.now() / 1000)
      await this.#mustBe(alarm, 'OK')
    }
  }

  async #put(alarm: DeployedAlarm, value: number, Timestamp: number): Promise<void> {
    const { Namespace, MetricName, Dimensions, ExtendedStatistic } = alarm
    // Of a percentile AWS wants a thousand samples.
    const Counts = [ExtendedStatistic ? 1000 : 1]
    const datum = { MetricName, Dimensions, Timestamp, Values: [value], Counts }
    await this.#cloudWatch.put(Namespace, datum)
  }

  async #mustBe({ AlarmName }: DeployedAlarm, state: string, otherwise?: string): Promise<void> {
    const [alarm] = await this.#cloudWatch.alarms(AlarmName)
    const why = otherwise === undefined ? '' : ` Rehearse it as AWS does it now: ${otherwise}`
    assert.equal(alarm?.StateValue, state, `${AlarmName}.${why}`)
  }
}

/** When a value comes that is about to leave the window of an alarm. */
const edgeOf = (alarm: DeployedAlarm): number => Date.now() / 1000 - windowOf(alarm) + BAD_SECONDS

/** A queue hears what the topic of alarms is told. */
async function listen(rehearsal: Rehearsal, TopicArn: string): Promise<void> {
  const Queue = { 'Fn::GetAtt': ['Queue', 'Arn'] }
  const Resources = {
    Queue: { Type: 'AWS::SQS::Queue' },
    Subscription: {
      Type: 'AWS::SNS::Subscription',
      Properties: { TopicArn, Protocol: 'sqs', Endpoint: Queue, RawMessageDelivery: true },
    },
  }
  const Outputs = { Url: { Value: { Ref: 'Queue' } } }
  const TemplateBody = JSON.stringify({ Resources, Outputs })
  await rehearsal.cloudFormation.send(new CreateStackCommand({ StackName: STACK, TemplateBody }))
  assert.equal(await rehearsal.statusOf(STACK), 'CREATE_COMPLETE')
}

/** Receives what the topic was told until all that is expected is there. */
async function callsOf(rehearsal: Rehearsal, expected: readonly string[]): Promise<void> {
  const queueUrl = await rehearsal.output(STACK, 'Url')
  const missing = new Set(expected)
  for (;;) {
    const bodies = await rehearsal.take(queueUrl)
    if (bodies.length === 0) break
    for (const body of bodies) {
      const { AlarmName, NewStateValue } = JSON.parse(body) as Record<string, string>
      missing.delete(`${AlarmName} ${NewStateValue}`)
    }
  }
  assert.deepEqual([...missing], [], 'the topic was told')
}
