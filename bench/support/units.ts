import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'

/** What DynamoDB has done, as it counts it itself. */
export interface Units {
  requests: number
  readUnits: number
  writeUnits: number
}

const none = (): Units => ({ requests: 0, readUnits: 0, writeUnits: 0 })

/** Of the service that this process serves, where it counts them. */
export const UNITS = none()

/** Asks DynamoDB with each request what it has consumed, and adds it up. */
export function countUnits(client: DynamoDBClient, units = none()): Units {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' })
      const result = await next(args)
      const { ConsumedCapacity: consumed = [] } = result.output as {
        ConsumedCapacity?: { CapacityUnits?: number } | { CapacityUnits?: number }[]
      }
      const total = [consumed].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0)
      const isRead = /^(Get|BatchGet|Query)/.test(String(context.commandName))
      units.requests++
      units[isRead ? 'readUnits' : 'writeUnits'] += total
      return result
    },
    { step: 'initialize', name: 'countUnits' },
  )
  return units
}
