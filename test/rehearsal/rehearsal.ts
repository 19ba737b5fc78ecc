import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import {
  CloudFormationClient,
  DescribeStacksCommand,
  ListStackResourcesCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { CreateEmailIdentityCommand, SESv2Client } from '@aws-sdk/client-sesv2'
import { DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import type { LatchkeySettings } from '../../infra/settings/latchkey-settings.js'
import { type Assembly, synthesize } from './assemblies.js'
import { Cdk } from './cdk.js'
import { type Ended, run } from '../support/children.js'
import { type Emulator, REGION } from './emulator.js'
import { type Answer, type Call, call } from './http.js'

const ADMIN = join(import.meta.dirname, '../../src/entry/admin.ts')

/** What this machine needs. */
export const LEAST: LatchkeySettings = {
  architecture: process.arch === 'arm64' ? 'arm64' : 'x86_64',
  // All callers have one address here.
  environment: { RATE_LIMIT_PER_ADDRESS: '1000' },
}

/** What every rehearsal is deployed with. */
export const SETTINGS: LatchkeySettings = {
  ...LEAST,
  mail: { from: 'auth@example.com' },
  alarmEmail: 'ops@example.com',
  events: {},
}

/** What is synthesized at the start, in one process. */
const PLANNED = {
  default: { settings: SETTINGS },
  changed: { settings: { ...SETTINGS, logLevel: 'warn' } },
  mistaken: { settings: SETTINGS, mistake: { SESSION_ABSOLUTE_SECONDS: 'soon' } },
  'orders-api': { settings: LEAST, app: 'orders-api' },
} satisfies Record<string, Omit<Assembly, 'folder'>>

/** A person with an account whose address is proved. */
export interface Person {
  readonly id: string
  readonly email: string
  readonly password: string
  /** An access token. */
  readonly token: string
  readonly refreshToken: string
}

interface Mail {
  readonly to: readonly string[]
  readonly subject: string
  readonly text: string
}

/**
 * What a step works with: the emulator, the deployed service, and ways to change the deployment. Steps run one after
 * the other; each leaves the service deployed with `SETTINGS` and answering.
 */
export class Rehearsal {
  readonly cdk: Cdk
  readonly lambda: LambdaClient
  readonly dynamodb: DynamoDBClient
  readonly secrets: SecretsManagerClient
  readonly cloudFormation: CloudFormationClient
  readonly ses: SESv2Client
  readonly sqs: SQSClient
  /** Base URL of the service: the output `Issuer` of the stack `Latchkey`. Another one after each `destroy`. */
  issuer = ''

  readonly #folder: string
  readonly #planned: Promise<string[]>
  #assemblies = 0

  /** @param folder for assemblies and logs. */
  constructor(
    readonly emulator: Emulator,
    folder: string,
  ) {
    this.#folder = folder
    this.#planned = this.synthesize(...Object.values(PLANNED))
    // The step that needs one says why there is none.
    this.#planned.catch(() => undefined)
    this.cdk = new Cdk(emulator, folder)
    const client = {
      endpoint: emulator.endpoint,
      region: REGION,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    }
    this.lambda = new LambdaClient(client)
    this.dynamodb = new DynamoDBClient(client)
    this.secrets = new SecretsManagerClient(client)
    this.cloudFormation = new CloudFormationClient(client)
    this.ses = new SESv2Client(client)
    this.sqs = new SQSClient({ ...client, useQueueUrlAsEndpoint: false })
  }

  /** The folder of an assembly that is synthesized at the start. */
  async assembly(name: keyof typeof PLANNED): Promise<string> {
    return (await this.#planned)[Object.keys(PLANNED).indexOf(name)] as string
  }

  /** Synthesizes stacks. @returns the folder of each assembly. */
  async synthesize(...wanted: readonly Omit<Assembly, 'folder'>[]): Promise<string[]> {
    const assemblies = wanted.map((assembly) => ({
      ...assembly,
      folder: join(this.#folder, `cdk.out.${++this.#assemblies}`),
    }))
    await synthesize(assemblies)
    return assemblies.map(({ folder }) => folder)
  }

  /** Verifies the domain that mails come from, as docs/deploy.md asks for. */
  async verifySender(): Promise<void> {
    await this.ses.send(new CreateEmailIdentityCommand({ EmailIdentity: 'example.com' }))
  }

  /** Finds where the service is now. */
  async findIssuer(): Promise<void> {
    const issuer = await this.output('Latchkey', 'Issuer')
    this.issuer = issuer
  }

  /** The status of a stack that nothing changes any more, e.g. `UPDATE_COMPLETE`. */
  async statusOf(stack: string): Promise<string> {
    for (;;) {
      const { StackStatus = 'none' } = await this.#describe(stack)
      if (!StackStatus.endsWith('_IN_PROGRESS')) return StackStatus
      await wait(200)
    }
  }

  async #describe(StackName: string): Promise<Partial<Stack>> {
    const { Stacks = [] } = await this.cloudFormation.send(new DescribeStacksCommand({ StackName }))
    return Stacks[0] ?? {}
  }

  /** An output of a stack. */
  async output(stack: string, name: string): Promise<string> {
    const { Outputs } = await this.#describe(stack)
    const found = Outputs?.find(({ OutputKey }) => OutputKey === name)
    if (found?.OutputValue === undefined) throw new Error(`${stack} has no output ${name}`)
    return found.OutputValue
  }

  /** What AWS calls a resource of a stack. @param id without the digest that CDK adds to it. */
  async resource(stack: string, id: string): Promise<string> {
    let NextToken: string | undefined
    do {
      const page = await this.cloudFormation.send(
        new ListStackResourcesCommand({ StackName: stack, ...(NextToken && { NextToken }) }),
      )
      const found = page.StackResourceSummaries?.find(
        ({ LogicalResourceId }) => LogicalResourceId?.replace(/[0-9A-F]{8}$/, '') === id,
      )
      if (found?.PhysicalResourceId !== undefined) return found.PhysicalResourceId
      NextToken = page.NextToken
    } while (NextToken !== undefined)
    throw new Error(`${stack} has no resource ${id}`)
  }

  /** Invokes a function of the service, and waits. @throws {Error} where it fails. */
  async invoke(id: string, event: object): Promise<unknown> {
    const { FunctionError, Payload } = await this.lambda.send(
      new InvokeCommand({
        FunctionName: await this.resource('Latchkey', id),
        Payload: JSON.stringify(event),
      }),
    )
    const said = Payload?.transformToString() ?? ''
    if (FunctionError !== undefined) throw new Error(`${id} failed: ${said}`)
    return said === '' ? undefined : JSON.parse(said)
  }

  /** The variables of a function of the service. */
  async variables(id: string): Promise<Readonly<Record<string, string>>> {
    const FunctionName = await this.resource('Latchkey', id)
    const { Environment } = await this.lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName }),
    )
    return Environment?.Variables ?? {}
  }

  /** Base URL of an HTTP API of a stack. */
  async api(stack: string, id: string): Promise<string> {
    return `http://${await this.resource(stack, id)}.execute-api.localhost:${this.emulator.port}`
  }

  /** Sends a request to the service. */
  call(path: string, options?: Call): Promise<Answer> {
    return call(this.issuer + path, options)
  }

  /** The command line `npm run admin -- --aws`, with the emulator's credentials and nothing else. */
  admin(...args: readonly string[]): Promise<Ended> {
    return this.adminWith({}, ...args)
  }

  /** As `admin`, with further variables or a line on standard input. */
  adminWith(
    { input, env }: { readonly input?: string; readonly env?: NodeJS.ProcessEnv },
    ...args: readonly string[]
  ): Promise<Ended> {
    return run(process.execPath, ['--import', 'tsx', ADMIN, '--aws', ...args], {
      env: { ...this.emulator.env, ...env },
      ...(input !== undefined && { input }),
    })
  }

  /** Signs a new person up, proves the address with the code of the mail, and signs the person in. */
  async newPerson(): Promise<Person> {
    const name = randomBytes(6).toString('hex')
    const account = {
      email: `${name}@example.com`,
      password: randomBytes(12).toString('base64url'),
    }
    const asked = await this.call('/api/auth/register', { body: account })
    must(asked, 202)
    const code = codeOf(await this.mailTo(account.email))
    const { flow } = asked.body as { flow: string }
    const proved = await this.call('/api/auth/email/verification/confirm', { body: { flow, code } })
    must(proved, 200)
    const { token, refreshToken } = await this.signIn(account)
    const profile = await this.call('/api/profile', { token })
    must(profile, 200)
    const { id } = (profile.body as { user: { id: string } }).user
    return { ...account, id, token, refreshToken }
  }

  /** @throws {Error} where the service refuses. */
  async signIn({ email, password }: Pick<Person, 'email' | 'password'>) {
    const answer = await this.call('/api/auth/login', { body: { email, password } })
    must(answer, 200)
    const { accessToken, refreshToken } = answer.body as Record<string, string>
    return { token: accessToken as string, refreshToken: refreshToken as string }
  }

  /** The newest mail to an address, once there is one. */
  async mailTo(email: string): Promise<Mail> {
    const deadline = Date.now() + 30_000
    while (Date.now() < deadline) {
      const mail = (await this.#mails()).findLast(({ to }) => to.includes(email))
      if (mail) return mail
      await wait(200)
    }
    throw new Error(`No mail came to ${email}`)
  }

  /** Takes up to ten messages out of a queue. @returns their bodies. */
  async take(QueueUrl: string): Promise<string[]> {
    const { Messages = [] } = await this.sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    )
    if (Messages.length === 0) return []
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: `${index}`, ReceiptHandle }))
    await this.sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }))
    return Messages.map(({ Body = '' }) => Body)
  }

  async #mails(): Promise<Mail[]> {
    const { body } = await call(`${this.emulator.endpoint}/_ministack/ses/messages`)
    const { messages } = body as { messages: Record<string, Record<string, unknown>[]> }
    return Object.values(messages)
      .flat()
      .map((mail) => ({
        to: mail.To as string[],
        subject: mail.Subject as string,
        text: mail.BodyText as string,
      }))
  }
}

/** @throws {Error} with what came, for an answer with another status. */
export function must({ status, text }: Answer, expected: number): void {
  if (status === expected) return
  throw new Error(`answered with ${status} instead of ${expected}: ${text}`)
}

/** The code of a mail, eight digits in two groups. */
function codeOf({ text }: Pick<Mail, 'text'>): string {
  const [, first, second] = /\b(\d{4}) (\d{4})\b/.exec(text) ?? []
  if (first === undefined || second === undefined) throw new Error(`No code in: ${text}`)
  return first + second
}
