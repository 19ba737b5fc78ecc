import { createHash, createHmac } from 'node:crypto'
import type { Test } from 'tap'
import type { CloudEvent } from '../../src/cloud-events/schema.js'
import { type AwsApi, type AwsCall, startAwsApi } from './aws-api.js'

/** An event as EventBridge takes it. */
export interface PutEntry {
  readonly EventBusName: string
  readonly Source: string
  readonly DetailType: string
  readonly Time: number
  readonly Detail: string
}

/** EventBridge as far as the function that sends events uses it, on loopback. */
export interface EventBridgeApi {
  readonly api: AwsApi
  /** Entries that it has taken, in their order. */
  readonly taken: PutEntry[]
  /** By the id of an event, the code of the error for which it is not taken. */
  readonly refused: Map<string, string>
}

export const eventOf = ({ Detail }: PutEntry): CloudEvent => JSON.parse(Detail) as CloudEvent

export async function startEventBridge(t: Test): Promise<EventBridgeApi> {
  const taken: PutEntry[] = []
  const refused = new Map<string, string>()
  const api = await startAwsApi(t, (call) => {
    if (call.headers.authorization !== authorizationOf(call)) {
      return { status: 403, type: 'InvalidSignatureException' }
    }
    const entries = (call.body as { Entries: PutEntry[] }).Entries
    const answers = entries.map((entry) => {
      const ErrorCode = refused.get(eventOf(entry).id)
      if (ErrorCode === undefined) taken.push(entry)
      return ErrorCode === undefined
        ? { EventId: 'made-by-event-bridge' }
        : { ErrorCode, ErrorMessage: ErrorCode }
    })
    const FailedEntryCount = answers.filter((answer) => 'ErrorCode' in answer).length
    return { body: { FailedEntryCount, Entries: answers } }
  })
  return { api, taken, refused }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()

/**
 * What the header of a call must be, whose secret key is `test`, by the book and not by the SDK.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
function authorizationOf({ method, path, headers, body }: AwsCall): string {
  const [, scope = '', signed = ''] =
    /Credential=test\/([^,]+), SignedHeaders=([^,]+)/.exec(headers.authorization ?? '') ?? []
  const names = signed.split(';')
  const canonical = [
    ...[method, path, ''],
    ...names.map((name) => `${name}:${String(headers[name]).trim()}`),
    ...['', signed, sha256(JSON.stringify(body))],
  ].join('\n')
  const at = String(headers['x-amz-date'])
  const text = ['AWS4-HMAC-SHA256', at, scope, sha256(canonical)].join('\n')
  const key = scope.split('/').reduce<string | Buffer>(hmac, 'AWS4test')
  const signature = hmac(key, text).toString('hex')
  return `AWS4-HMAC-SHA256 Credential=test/${scope}, SignedHeaders=${signed}, Signature=${signature}`
}
