import { DynamoDBClient } from '@aws-sdk/client-dynamodb'

/** The least that a function of ours could do: it has a client for its tables. */
const client = new DynamoDBClient({})

export const handler = async () => ({
  statusCode: 200,
  body: client.config.serviceId,
})
