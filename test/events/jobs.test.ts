import { readdirSync, readFileSync } from 'node:fs'
import { App, CfnResource } from 'aws-cdk-lib'
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda'
import { build } from 'esbuild'
import t from 'tap'
import { StatefulStack } from '../../infra/stacks/stateful.js'
import { StatelessStack } from '../../infra/stacks/stateless.js'
import { CATALOGUE, type EventName } from '../../src/events/catalogue.js'

// What the functions hold is nothing to this template, and stacks.test.ts bundles at the same time.
Code.fromAsset = () => Code.fromInline('exports.handler = () => {}') as unknown as AssetCode

/** What the service does without a caller. What callers have it do is in `actions.test.ts`. */
interface Job {
  /** The file that does it. */
  readonly file: string
  /** The events that it may log. */
  readonly logs: readonly EventName[]
  /** Why it leaves nothing in the audit trail. */
  readonly whyNoTrail: string
}

const MAIL = 'src/entry/worker-mail.ts'
const EVENTS = 'src/entry/worker-events.ts'
const KEYS = 'src/entry/rotate-keys.ts'

const MAINTENANCE: Job = {
  file: KEYS,
  logs: ['key_ring_maintained'],
  whyNoTrail: 'changes keys of the service, and no account',
}
const TO_QUEUE = 'puts keys of items into a queue, and changes no account'
const MARKS_MAIL = 'marks a mail; the change that asked for it is in the trail'

/** By the logical id of what starts a function, without the letters that CDK adds. */
const STARTED: Readonly<Record<string, Job>> = {
  ServiceMailFromStream: {
    file: MAIL,
    logs: ['event_unknown', 'mail_queue_fail'],
    whyNoTrail: TO_QUEUE,
  },
  ServiceMailFromQueue: {
    file: MAIL,
    logs: [
      ...(['mail_sent', 'mail_dropped', 'mail_refused', 'mail_failed'] as const),
      ...(['event_unknown', 'dependency_failed'] as const),
    ],
    whyNoTrail: MARKS_MAIL,
  },
  ServiceEventsFromStream: {
    file: EVENTS,
    logs: ['event_unknown', 'events_queue_fail'],
    whyNoTrail: TO_QUEUE,
  },
  ServiceEventsFromQueue: {
    file: EVENTS,
    logs: ['event_unknown', 'events_put_fail'],
    whyNoTrail: 'sends what is in the trail',
  },
  ServiceRotationFirstKeys: MAINTENANCE,
  ServiceRotationDaily: MAINTENANCE,
  ServiceReleaseCheck: {
    file: 'src/aws/self-check.ts',
    logs: [],
    whyNoTrail: 'reads, and fails the deployment',
  },
}

/** What the local service does again and again: each file that starts a timer, or waits. */
const TIMERS: Readonly<Record<string, Job | string>> = {
  'src/local/key-maintenance.ts': {
    file: 'src/local/key-maintenance.ts',
    logs: ['key_rotation_fail'],
    whyNoTrail: MAINTENANCE.whyNoTrail,
  },
  'src/local/mail/worker.ts': {
    file: 'src/local/mail/worker.ts',
    logs: ['mail_stream_fail'],
    whyNoTrail: MARKS_MAIL,
  },
  'src/aws/deadline.ts': 'a deadline of a job',
  'src/aws/self-check.ts': 'waits between tries of a job',
  'src/dynamodb/indexes.ts': 'waits between looks of a command',
  'src/dynamodb/repeated.ts': 'waits between tries of a call',
  'src/entry/rotate-keys.ts': 'waits between tries of a job',
  'src/http/client-errors.ts': 'closes a connection',
  'src/local/engine.ts': 'waits for the embedded engine',
}

/** What a function does for a command, which `actions.test.ts` lists, beside its jobs. */
const BY_COMMAND: Readonly<Record<string, readonly EventName[]>> = { [KEYS]: ['keys_replaced'] }

const jobs = [...Object.values(STARTED), ...Object.values(TIMERS)].filter(
  (job) => typeof job !== 'string',
)

const TIMER = /\bset(Interval|Timeout|Immediate)\(|from 'node:timers/
const FUNCTION = /^AWS::Lambda::(Function|Version|Alias)$/
/** These name a function and start none, or only for a caller. */
const INERT =
  /^AWS::(IAM|CloudWatch|Logs|Route53|CodeDeploy)::|^AWS::ApiGatewayV2::(Integration|Authorizer)$/
const OF_CALLERS = 'apigateway.amazonaws.com'

t.test('each start of a function without a caller is a listed job', (t) => {
  t.same(startsOf(fullTemplate()).sort(), Object.keys(STARTED).sort(), 'a new one is to be listed')
  t.end()
})

t.test('each timer of the service is a listed job, or says what it is', (t) => {
  const files = readdirSync('src', { recursive: true }).map((path) => `src/${String(path)}`)
  const isOfBrowser = (path: string) => /^src\/(client|partner|pages\/browser)\//.test(path)
  const found = files.filter(
    (path) => path.endsWith('.ts') && !isOfBrowser(path) && TIMER.test(readFileSync(path, 'utf8')),
  )
  t.same(found.sort(), Object.keys(TIMERS).sort(), 'a new one is to be listed')
  t.end()
})

t.test('a job logs the events that its list has, and keeps none in the trail', async (t) => {
  for (const file of new Set(jobs.map(({ file }) => file))) {
    const listed = jobs.filter((job) => job.file === file).flatMap(({ logs }) => logs)
    const expected = new Set([...listed, ...(BY_COMMAND[file] ?? [])])
    t.same([...(await eventsIn(file))].sort(), [...expected].sort(), file)
    for (const event of expected) t.equal(CATALOGUE[event].kept, 'log', event)
  }
})

type Resource = Readonly<Record<'Type' | 'Properties', any>>
type Resources = Readonly<Record<string, Resource>>
interface Template {
  readonly Resources: Resources
}

/** The service with all that runs by itself. */
function fullTemplate(): Resources {
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: object }
  const app = new App({ context })
  const { data } = new StatefulStack(app, 'LatchkeyData', {})
  const settings = { mail: { from: 'auth@example.com' }, events: {}, probe: true }
  const stack = new StatelessStack(app, 'Latchkey', { data, settings })
  // A synthesis would look for faults too, which takes five seconds.
  const parts = stack.node.findAll().filter((part) => CfnResource.isCfnResource(part))
  const resolved = parts.map((part) => stack.resolve(part._toCloudFormation()) as Template)
  return Object.assign({}, ...resolved.map(({ Resources }) => Resources)) as Resources
}

/** Of each resource that starts a function of the service: its logical id, or that of what it speaks for. */
function startsOf(resources: Resources): string[] {
  const isOwn = (id: string) => id.startsWith('Service')
  const all = Object.entries(resources)
  const functions = all.filter(([id, { Type }]) => FUNCTION.test(Type) && isOwn(id))
  const names = functions.map(([id]) => `"${id}"`)
  const starts = all.filter(([, resource]) => {
    const { Type, Properties } = resource
    if (FUNCTION.test(Type) || INERT.test(Type) || Properties.Principal === OF_CALLERS) return false
    const text = JSON.stringify(Properties)
    return names.some((name) => text.includes(name))
  })
  const ids = starts.map(([id, { Properties }]) => {
    const [source = id] = (Properties.SourceArn?.['Fn::GetAtt'] ?? []) as string[]
    return source.replace(/[0-9A-F]{8}$/, '')
  })
  return [...new Set(ids)]
}

/** Events that a file, or what it loads, reports: by their names in its own code, not in that of packages. */
async function eventsIn(file: string): Promise<Set<EventName>> {
  const { metafile } = await build({
    ...{ entryPoints: [file], bundle: true, write: false, metafile: true, logLevel: 'error' },
    ...{ packages: 'external', platform: 'node', format: 'esm' },
  })
  const [output] = Object.values(metafile.outputs)
  const loaded = Object.entries(output?.inputs ?? {}).filter(([, of]) => of.bytesInOutput > 0)
  const code = loaded.map(([path]) => readFileSync(path, 'utf8')).join('\n')
  const reported = [...code.matchAll(/\b(?:report|eventLine|part|counting)\([^()]*?'(\w+)'/g)]
  return new Set(reported.map(([, name]) => name as EventName))
}
