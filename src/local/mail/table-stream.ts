import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
  type ShardIteratorType,
} from '@aws-sdk/client-dynamodb-streams'
import { unmarshall } from '@aws-sdk/util-dynamodb'

/** How often shards that begin later are looked for, in reads. */
const READS_OF_A_VIEW = 20

/** New items of a table, in the order of its stream. Reading goes on where it has ended. */
export class TableStream {
  readonly #client: DynamoDBStreamsClient
  readonly #arn: string
  /** Where to read on, by shard; undefined for one that has ended. */
  readonly #iterators = new Map<string, string | undefined>()
  #reads = 0

  private constructor(client: DynamoDBStreamsClient, arn: string) {
    this.#client = client
    this.#arn = arn
  }

  /**
   * Opens the stream at its end: what was written before is not in it.
   * @throws {Error} for a table without a stream, and where the endpoint has none at all.
   */
  static async open(client: DynamoDBStreamsClient, table: string): Promise<TableStream> {
    const { Streams = [] } = await client.send(new ListStreamsCommand({ TableName: table }))
    const arn = Streams.at(-1)?.StreamArn
    if (arn === undefined) throw new Error(`table ${table} has no stream`)
    const stream = new TableStream(client, arn)
    await stream.#findShards('LATEST')
    return stream
  }

  /** Items that were put since the last read, or since the stream was opened. */
  async read(): Promise<Record<string, unknown>[]> {
    this.#reads += 1
    if (this.#iterators.size === 0 || this.#reads % READS_OF_A_VIEW === 0) {
      await this.#findShards('TRIM_HORIZON')
    }
    const found: Record<string, unknown>[] = []
    for (const [shard, iterator] of this.#iterators) {
      if (iterator === undefined) continue
      const read = new GetRecordsCommand({ ShardIterator: iterator })
      const { Records = [], NextShardIterator } = await this.#client.send(read)
      for (const { eventName, dynamodb } of Records) {
        const image = dynamodb?.NewImage
        if (eventName === 'INSERT' && image) found.push(unmarshall(image))
      }
      this.#iterators.set(shard, NextShardIterator)
    }
    return found
  }

  async #findShards(from: ShardIteratorType): Promise<void> {
    const stream = { StreamArn: this.#arn }
    const { StreamDescription } = await this.#client.send(new DescribeStreamCommand(stream))
    for (const { ShardId } of StreamDescription?.Shards ?? []) {
      if (ShardId === undefined || this.#iterators.has(ShardId)) continue
      const { ShardIterator } = await this.#client.send(
        new GetShardIteratorCommand({ ...stream, ShardId, ShardIteratorType: from }),
      )
      this.#iterators.set(ShardId, ShardIterator)
    }
  }
}
