import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { createClient } from '../dynamodb/client.js'
import type { TableNames } from '../dynamodb/tables.js'
import { createMissingTables } from './create-tables.js'
import { openDataDir } from './data-dir.js'
import { type Engine, startEngine } from './engine.js'
import { FileKeyRingStore } from './file-key-ring.js'
import { LocalError } from './local-error.js'

export interface LocalOptions {
  readonly dataDir: string
  /** A DynamoDB endpoint to use instead of the embedded engine. */
  readonly endpoint: string | undefined
  readonly tables: TableNames
  /** Whether to join an engine that another process runs on the same folder, or to refuse. */
  readonly join: boolean
}

/** The service's outside world on a developer's machine. */
export interface LocalRuntime {
  readonly client: DynamoDBClient
  readonly keyRingStore: FileKeyRingStore
  /** Settles when an engine of ours ends, asked or not. */
  readonly engineExited: Promise<void>
  stop(): Promise<void>
}

/** What a process that runs an engine leaves for others to find. */
interface EngineNote {
  readonly pid: number
  readonly endpoint: string
}

const NEVER = new Promise<void>(() => undefined)

/** @throws {LocalError} for what the user of this machine can mend. */
export async function openLocalRuntime(options: LocalOptions): Promise<LocalRuntime> {
  // The warning is for who chooses the SDK's version, and the lock file has.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
  const folder = openDataDir(options.dataDir)
  const running = readNote(folder.engine)
  if (running && !options.join && options.endpoint === undefined) {
    throw new LocalError(
      `The data folder ${options.dataDir} is in use by process ${running.pid}. Stop it, or set DATA_DIR to another folder.`,
    )
  }
  const found = options.endpoint ?? running?.endpoint
  const engine = found === undefined ? await startNoted(folder.database, folder.engine) : undefined
  const client = connectTo(engine?.endpoint ?? (found as string))
  const stop = async () => {
    client.destroy()
    await engine?.stop()
  }
  try {
    await createMissingTables(client, options.tables)
  } catch (error) {
    await stop()
    throw new LocalError(
      `DynamoDB at ${found ?? engine?.endpoint} does not answer: ${String(error)}`,
    )
  }
  const keyRingStore = new FileKeyRingStore(folder.keyRing)
  return { client, keyRingStore, engineExited: engine?.exited ?? NEVER, stop }
}

async function startNoted(databasePath: string, notePath: string): Promise<Engine> {
  const engine = await startEngine(databasePath)
  const note: EngineNote = { pid: process.pid, endpoint: engine.endpoint }
  writeFileSync(notePath, JSON.stringify(note), { mode: 0o600 })
  const stop = async () => {
    rmSync(notePath, { force: true })
    await engine.stop()
  }
  return { ...engine, stop }
}

function readNote(path: string): EngineNote | undefined {
  try {
    const note = JSON.parse(readFileSync(path, 'utf8')) as EngineNote
    process.kill(note.pid, 0)
    return note
  } catch {
    // No note, or one of a process that was killed.
    return undefined
  }
}

/** The engine takes any credentials; real ones must not be sent to it. */
function connectTo(endpoint: string): DynamoDBClient {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  return createClient({ endpoint, region: 'local', credentials })
}
