import type { Server } from 'node:http'
import { App } from 'aws-cdk-lib'
import { Match, Template } from 'aws-cdk-lib/assertions'
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda'
import t, { type Test } from 'tap'
import { buildWebhooks } from '../../examples/webhooks/app.js'
import { listenOnLoopback } from '../support/loopback.js'

// What the functions hold is nothing to these templates, and stacks.test.ts bundles at the same time.
Code.fromAsset = () => Code.fromInline('exports.handler = () => {}') as unknown as AssetCode

t.test('the example of webhooks tries for a day, and keeps what it gives up', async () => {
  const template = Template.fromStack(buildWebhooks(new App()))
  template.hasResourceProperties('AWS::Events::Rule', {
    EventBusName: Match.anyValue(),
    EventPattern: { source: ['latchkey'] },
    Targets: [
      Match.objectLike({
        InputPath: '$.detail',
        RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
        DeadLetterConfig: { Arn: Match.anyValue() },
      }),
    ],
  })
  template.hasResourceProperties('AWS::Events::Connection', { AuthorizationType: 'API_KEY' })
  template.hasResourceProperties('AWS::Events::ApiDestination', { HttpMethod: 'POST' })
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmDescription: Match.stringLikeRegexp('receiver of webhooks'),
  })
})

interface ReceiverOptions {
  readonly secret: string
  readonly issuer: string
  readonly handle: (event: object) => Promise<void>
  readonly seen: { has(id: string): Promise<boolean>; add(id: string): Promise<void> }
}

const SECRET = 'what-only-the-connection-knows'
const ISSUER = 'https://auth.example.com'
const EVENT = {
  ...{ specversion: '1.0', id: '2030-01-01#1', source: ISSUER, type: 'latchkey.account_erased' },
  ...{ subject: 'user', time: '2030-01-01T00:00:00.000Z', subjectnumber: 2_147_483_647, data: {} },
}

async function startReceiver(t: Test, handle: ReceiverOptions['handle']) {
  const path = '../../examples/webhooks/receiver.mjs'
  const { createReceiver } = (await import(path)) as {
    readonly createReceiver: (options: ReceiverOptions) => Server
  }
  const ids = new Set<string>()
  const seen = {
    has: async (id: string) => ids.has(id),
    add: async (id: string) => void ids.add(id),
  }
  const server = createReceiver({ secret: SECRET, issuer: ISSUER, handle, seen })
  const endpoint = await listenOnLoopback(t, server)
  return async (body: unknown, secret = SECRET): Promise<number> => {
    const headers = { 'x-webhook-secret': secret, 'content-type': 'application/json' }
    const sent = typeof body === 'string' ? body : JSON.stringify(body)
    return (await fetch(endpoint, { method: 'POST', headers, body: sent })).status
  }
}

t.test('the example of a receiver does each event once, and what is ours alone', async (t) => {
  const done: object[] = []
  let fails = true
  const post = await startReceiver(t, async (event) => {
    if (fails) throw new Error('not now')
    done.push(event)
  })
  t.equal(await post(EVENT), 500, 'EventBridge tries again')
  fails = false
  t.equal(await post(EVENT), 204)
  t.equal(await post(EVENT), 204, 'a replay is harmless')
  t.same(done, [EVENT])
  t.equal(await post(EVENT, 'a guess'), 401)
  t.equal(await post(EVENT, ''), 401)
  for (const body of ['', '{', 'null', '[]', { ...EVENT, source: 'https://evil.example' }]) {
    t.equal(await post(body), 400)
  }
  t.equal(done.length, 1)
})
