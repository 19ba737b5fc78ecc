import type { DynamoDBClientResolvedConfig } from '@aws-sdk/client-dynamodb'
import { SignatureV4 } from '@smithy/signature-v4'
import type { EventBus } from '../cloud-events/delivery.js'
import type { CloudEvent } from '../cloud-events/schema.js'

export interface AwsEventBusOptions {
  readonly arn: string
  /** As whom: what a client of the SDK has found. */
  readonly access: Pick<DynamoDBClientResolvedConfig, 'credentials' | 'sha256'>
  /** Where EventBridge is. @default - that of the region of the bus */
  readonly endpoint?: string | undefined
  /** @default 3000 */
  readonly timeoutMs?: number
}

/** What rules on a bus know our events by, beside the type of each. */
const EVENT_SOURCE = 'latchkey'

const TIMEOUT_MS = 3_000

/** The suffixes of hosts that are not those of most partitions. */
const SUFFIXES: Readonly<Record<string, string>> = { 'aws-cn': 'amazonaws.com.cn' }

interface PutResult {
  readonly Entries?: readonly { readonly ErrorCode?: string; readonly EventId?: string }[]
}

/**
 * An event bus of EventBridge. One call of its API is all that is used, so that the SDK's client, as large as the rest of
 * the function, is not: the SDK's own signer signs it. A call that fails is not repeated here: the queue repeats each event.
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 */
export class AwsEventBus implements EventBus {
  readonly #options: AwsEventBusOptions
  readonly #url: URL
  readonly #signer: SignatureV4

  constructor(options: AwsEventBusOptions) {
    this.#options = options
    const [, partition = '', , region = ''] = options.arn.split(':')
    const suffix = SUFFIXES[partition] ?? 'amazonaws.com'
    this.#url = new URL(options.endpoint ?? `https://events.${region}.${suffix}`)
    const { credentials, sha256 } = options.access
    this.#signer = new SignatureV4({ service: 'events', region, credentials, sha256 })
  }

  async put(events: readonly CloudEvent[]): Promise<(string | undefined)[]> {
    const body = JSON.stringify({ Entries: events.map((event) => this.#entryOf(event)) })
    const { protocol, hostname, host, port } = this.#url
    const { headers } = await this.#signer.sign({
      method: 'POST',
      protocol,
      hostname,
      ...(port !== '' && { port: Number(port) }),
      path: '/',
      headers: {
        host,
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AWSEvents.PutEvents',
      },
      query: {},
      body,
    })
    const { Entries = [] } = await this.#send(headers, body)
    // An answer without an entry says nothing of it: it is sent again.
    return events.map((_, place) => {
      const { EventId, ErrorCode } = Entries[place] ?? {}
      return EventId === undefined || ErrorCode !== undefined
        ? (ErrorCode ?? 'NoAnswer')
        : undefined
    })
  }

  #entryOf(event: CloudEvent) {
    return {
      EventBusName: this.#options.arn,
      Source: EVENT_SOURCE,
      DetailType: event.type,
      Time: Date.parse(event.time) / 1000,
      Detail: JSON.stringify(event),
    }
  }

  /** @throws {Error} whose message has a code alone. */
  async #send(headers: Readonly<Record<string, string>>, body: string): Promise<PutResult> {
    const { timeoutMs = TIMEOUT_MS } = this.#options
    const asked = fetch(this.#url, {
      method: 'POST',
      headers,
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const response = await asked.catch((error: unknown) => {
      throw new Error(`EventBridge did not answer: ${(error as Error).name}`, { cause: error })
    })
    if (!response.ok) {
      const type = response.headers.get('x-amzn-errortype') ?? (await typeIn(response))
      throw new Error(`EventBridge answered ${response.status} ${type}`.trimEnd())
    }
    return (await response.json()) as PutResult
  }
}

/** The name of an error, without the namespace that it may have. */
async function typeIn(response: Response): Promise<string> {
  const said = (await response.json().catch(() => undefined)) as { __type?: unknown } | undefined
  return typeof said?.__type === 'string' ? said.__type.replace(/^.*#/, '') : ''
}
