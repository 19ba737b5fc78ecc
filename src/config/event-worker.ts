import * as Type from 'typebox'
import { validate, withoutBlanks } from './environment.js'
import { loadConfig } from './service.js'

/** What only the function that sends events reads. */
export const eventWorkerEnvironmentSchema = Type.Object({
  EVENT_BUS_ARN: Type.String({
    minLength: 1,
    description: 'ARN of the event bus of EventBridge that events of the audit trail go to',
  }),
  EVENT_QUEUE_URL: Type.String({
    minLength: 1,
    description: 'URL of the queue of the events that are to be sent',
  }),
})

/** Where another EventBridge than that of AWS is, under the names that the SDK has for it. */
const endpointSchema = Type.Object({
  AWS_ENDPOINT_URL_EVENTBRIDGE: Type.Optional(Type.String()),
  AWS_ENDPOINT_URL: Type.Optional(Type.String()),
})

/**
 * What the function that sends events reads.
 * @throws {ConfigError} as `loadConfig`.
 */
export function loadEventWorkerConfig(source: NodeJS.ProcessEnv) {
  const env = validate(eventWorkerEnvironmentSchema, withoutBlanks(source))
  const endpoints = validate(endpointSchema, withoutBlanks(source))
  const { issuer, logLevel, tables } = loadConfig(source)
  return {
    issuer,
    logLevel,
    table: tables.events,
    busArn: env.EVENT_BUS_ARN,
    queueUrl: env.EVENT_QUEUE_URL,
    endpoint: endpoints.AWS_ENDPOINT_URL_EVENTBRIDGE ?? endpoints.AWS_ENDPOINT_URL,
  }
}

/** Whether a worker sends events: otherwise it sends mail. */
export const sendsEvents = ({ EVENT_BUS_ARN }: Readonly<Record<string, string | undefined>>) =>
  EVENT_BUS_ARN !== undefined
