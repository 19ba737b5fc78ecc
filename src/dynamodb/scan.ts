import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { paginateScan, type ScanCommandInput } from '@aws-sdk/lib-dynamodb'
import { documentsOf } from './documents.js'
import { asStoreError } from './errors.js'

export interface ScannedPage {
  readonly items: readonly Readonly<Record<string, unknown>>[]
  /** How many the page had before the filter. */
  readonly scanned: number
}

/**
 * A whole table, page by page. For command lines alone: it reads all there is.
 * @throws {Problem} STORE_UNAVAILABLE.
 */
export async function* scanPages(
  client: DynamoDBClient,
  input: ScanCommandInput,
): AsyncGenerator<ScannedPage> {
  const pages = paginateScan({ client: documentsOf(client) }, { ...input, ConsistentRead: true })
  try {
    for await (const { Items = [], ScannedCount = 0 } of pages) {
      yield { items: Items, scanned: ScannedCount }
    }
  } catch (error) {
    throw asStoreError(error)
  }
}
