import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import type { Test } from 'tap'
import type { Place } from '../../src/local/place.js'
import { sharedEngine } from './engine.js'
import { listenOnLoopback } from './loopback.js'

/** An answer that the proxy gives instead of the engine. */
export interface OwnAnswer {
  readonly status: number
  readonly answer: object
}

/**
 * What the proxy does to one call: pass it on, lose its answer on the way back or keep it, fail it unseen, leave it unanswered,
 * or answer.
 */
export type Fate = 'pass' | 'lose-answer' | 'keep-answer' | 'fail' | 'hang' | 'throttle' | OwnAnswer

export interface EngineCall {
  /** The same for each attempt at one call. */
  readonly id: string
  /** DynamoDB operation, e.g. `UpdateItem`. */
  readonly operation: string
  readonly body: string
}

export type Decision = (call: EngineCall) => Fate | Promise<Fate>

export interface Proxy {
  readonly endpoint: string
  /** Decides about each call from now on; one without a decision yet waits for it. */
  decide(decision: Decision): void
  /** Calls so far, and those of them that have no answer yet. */
  asked(): number
  pending(): number
}

/** Stands between a service and an engine, by default the one of the suite, and breaks what it is told to. */
export async function startProxy(t: Test, engine?: string): Promise<Proxy> {
  const { hostname: host, port } = new URL(engine ?? (await sharedEngine()).endpoint)
  let decision: Decision = () => 'pass'
  let asked = 0
  let answered = 0
  const server = createServer((incoming, outgoing) => {
    asked++
    outgoing.once('close', () => answered++)
    void relay(incoming, outgoing, { host, port: Number(port) }, (call) => decision(call))
  })
  const endpoint = await listenOnLoopback(t, server)
  return {
    endpoint,
    decide(next) {
      decision = next
    },
    asked: () => asked,
    pending: () => asked - answered,
  }
}

async function relay(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  place: Place,
  decide: Decision,
): Promise<void> {
  const body = await buffer(incoming)
  const operation = String(incoming.headers['x-amz-target']).split('.').at(-1) ?? ''
  const id = String(incoming.headers['amz-sdk-invocation-id'])
  const fate = await decide({ id, operation, body: body.toString() })
  if (fate === 'hang') return
  if (fate === 'fail') {
    incoming.socket.destroy()
    return
  }
  if (fate === 'throttle' || typeof fate === 'object') {
    const { status, answer } =
      fate === 'throttle' ? refusal('ProvisionedThroughputExceededException') : fate
    outgoing.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' })
    outgoing.end(JSON.stringify(answer))
    return
  }
  const { method, url, headers } = incoming
  const onward = request({ ...place, method, path: url, headers }, (answer) => {
    if (fate === 'lose-answer') {
      answer.resume().once('end', () => incoming.socket.destroy())
      return
    }
    if (fate === 'keep-answer') {
      answer.resume()
      return
    }
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(outgoing)
  })
  onward.once('error', () => incoming.socket.destroy())
  onward.end(body)
}

/** A refusal as DynamoDB words it. */
export function refusal(exception: string, members: object = {}): OwnAnswer {
  const type = `com.amazonaws.dynamodb.v20120810#${exception}`
  return { status: 400, answer: { __type: type, message: 'not now', ...members } }
}
