import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb'
import { createClient } from '../dynamodb/client.js'
import type { TableNames } from '../dynamodb/tables.js'
import type { RotationStores } from '../keyring/store.js'
import { createMissingTables } from './create-tables.js'
import { type DataDir, hasDatabase, openDataDir, unwritable } from './data-dir.js'
import { accepts, type Engine, startEngine } from './engine.js'
import { fileStores } from './file-key-ring.js'
import { LocalError } from './local-error.js'

export interface LocalOptions {
  readonly dataDir: string
  /** A DynamoDB endpoint to use instead of the embedded engine. */
  readonly endpoint: string | undefined
  readonly tables: TableNames
  /** `NODE_ENV=production`, which has no embedded engine: it checks no credentials. */
  readonly isProduction: boolean
  /** Whether to join an engine that another process runs on the same folder, or to refuse. */
  readonly join: boolean
  /** Whether a data folder without a database is an error: what only reads creates none. */
  readonly mustExist?: boolean
}

/** The service's outside world on a developer's machine. */
export interface LocalRuntime {
  /** Of DynamoDB, ours or another. */
  readonly endpoint: string
  /** The region and the credentials that go with it. */
  readonly access: Access
  readonly client: DynamoDBClient
  readonly keyStores: RotationStores
  /** Whether there is an engine of ours that web pages can find. */
  readonly isOpen: boolean
  /** Settles when an engine of ours ends, asked or not. */
  readonly engineExited: Promise<void>
  stop(): Promise<void>
}

/** What a process that runs an engine leaves for others to find. */
interface EngineNote {
  readonly pid: number
  /** Not there yet while the engine starts. */
  readonly endpoint?: string
}

const NEVER = new Promise<void>(() => undefined)

/** @throws {LocalError} for what the user of this machine can fix. */
export async function openLocalRuntime(options: LocalOptions): Promise<LocalRuntime> {
  silenceVersionWarning()
  if (options.endpoint === undefined) assertEngineFits(options)
  const folder = openDataDir(options.dataDir)
  const running = await readNote(folder.engine)
  if (running && !options.join && options.endpoint === undefined) throw inUse(folder, running.pid)
  const found = options.endpoint ?? running?.endpoint
  const engine = found === undefined ? await startNoted(folder) : undefined
  const endpoint = (engine?.endpoint ?? found) as string
  const access = options.endpoint === undefined ? LOCAL_ACCESS : ownAccess(endpoint)
  const client = createClient({ endpoint, ...access })
  const stop = async () => {
    client.destroy()
    await engine?.stop()
  }
  try {
    await createMissingTables(client, options.tables)
  } catch (error) {
    await stop()
    throw new LocalError(
      engine
        ? `The embedded DynamoDB does not answer: ${String(error)}`
        : reasonOf(error as SdkError, endpoint),
    )
  }
  const keyStores = fileStores(folder.keyRing)
  const isOpen = engine?.isSecluded === false
  return {
    endpoint,
    access,
    client,
    keyStores,
    isOpen,
    engineExited: engine?.exited ?? NEVER,
    stop,
  }
}

/** @throws {LocalError} where no embedded engine may run, or none has. */
function assertEngineFits({ isProduction, mustExist = false, dataDir }: LocalOptions): void {
  if (isProduction) {
    throw new LocalError(
      'The embedded DynamoDB is for development: it checks no credentials. With NODE_ENV=production, ' +
        'set AWS_ENDPOINT_URL_DYNAMODB to the DynamoDB to use.',
    )
  }
  if (mustExist && !hasDatabase(dataDir)) {
    throw new LocalError(
      `There is no data of Latchkey in ${resolve(dataDir)}. Set DATA_DIR to the folder that the service uses.`,
    )
  }
}

/** The warning is for who chooses the SDK's version, and the lock file has. */
export function silenceVersionWarning(): void {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
}

/** The note is made before the engine starts, and by one process only. */
async function startNoted(folder: DataDir): Promise<Engine> {
  const note: EngineNote = { pid: process.pid }
  try {
    writeNote(folder.engine, note, linkSync)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw code === 'EEXIST' ? inUse(folder) : unwritable(folder.root, error)
  }
  const remove = () => rmSync(folder.engine, { force: true })
  try {
    const engine = await startEngine(folder.database)
    writeNote(folder.engine, { ...note, endpoint: engine.endpoint }, renameSync)
    const stop = async () => {
      remove()
      await engine.stop()
    }
    return { ...engine, stop }
  } catch (error) {
    remove()
    throw error
  }
}

/** A whole note takes its place at once: by `linkSync` only where there is none. */
function writeNote(path: string, note: EngineNote, put: typeof linkSync): void {
  const draft = `${path}.${process.pid}`
  try {
    writeFileSync(draft, JSON.stringify(note), { mode: 0o600 })
    put(draft, path)
  } finally {
    rmSync(draft, { force: true })
  }
}

function inUse({ root }: DataDir, pid?: number): LocalError {
  const by = pid === undefined ? 'another process' : `process ${pid}`
  return new LocalError(
    `The data folder ${root} is in use by ${by}. Stop it, or set DATA_DIR to another folder.`,
  )
}

/**
 * The note of a process that is there, whose engine answers or is starting. One that was killed leaves a
 * note behind, and its id may belong to another process by now: that note goes.
 */
async function readNote(path: string): Promise<EngineNote | undefined> {
  try {
    const note = JSON.parse(readFileSync(path, 'utf8')) as EngineNote
    process.kill(note.pid, 0)
    if (note.endpoint === undefined) return note
    const { hostname, port } = new URL(note.endpoint)
    if (await accepts(Number(port), hostname)) return note
  } catch {
    // No note, or one of a process that was killed.
  }
  rmSync(path, { force: true })
  return undefined
}

type SdkError = Error & { readonly $response?: { readonly statusCode?: number } }

/** What a developer can do about a DynamoDB of theirs that does not work. */
function reasonOf(error: SdkError, endpoint: string): string {
  const { statusCode } = error.$response ?? {}
  // The SDK could not parse the answer.
  if (error instanceof SyntaxError && statusCode !== undefined) {
    return `${endpoint} answered with status ${statusCode} and is no DynamoDB. Set AWS_ENDPOINT_URL_DYNAMODB to one, or unset it.`
  }
  return `DynamoDB at ${endpoint} does not answer: ${String(error)}`
}

/** Of a client of the SDK. */
interface Access {
  readonly region: NonNullable<DynamoDBClientConfig['region']>
  readonly credentials: NonNullable<DynamoDBClientConfig['credentials']>
}

/** The engine takes any credentials; real ones must not be sent to it. */
export const LOCAL_ACCESS = {
  region: 'local',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
} satisfies Access

/** A variable that is set to nothing says nothing. */
const NO_REGION = /^Region (is missing|not accepted: region="")/

/** For a DynamoDB that the developer names: what the SDK finds in the environment, in profiles and so on, or nothing. */
function ownAccess(endpoint: string): Access {
  const { config } = new DynamoDBClient({ endpoint })
  return {
    region: () => config.region().catch(localWhere(NO_REGION, LOCAL_ACCESS.region)),
    credentials: () =>
      config
        .credentials()
        .catch(localWhere(/^Could not load credentials from any/, LOCAL_ACCESS.credentials)),
  }
}

/** A profile that is there and can't be used is for the developer to fix. */
const localWhere =
  <T>(nothing: RegExp, local: T) =>
  (error: unknown): T => {
    if (error instanceof Error && nothing.test(error.message)) return local
    throw error
  }
