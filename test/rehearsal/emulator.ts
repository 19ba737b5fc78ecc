import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { start } from '../support/children.js'
import type { Tools } from './tools.js'

export const ACCOUNT = '000000000000'
export const REGION = 'us-east-1'

/** AWS on this machine. */
export interface Emulator {
  /** E.g. `http://127.0.0.1:4566`. */
  readonly endpoint: string
  readonly port: number
  /** By which the SDK, the CDK CLI and our own command line find it, and no account of the developer. */
  readonly env: NodeJS.ProcessEnv
}

const LOOPBACK = join(import.meta.dirname, 'loopback')
const START_MS = 30_000

/** @param folder for its files and its log. */
export async function startEmulator(tools: Tools, folder: string): Promise<Emulator> {
  const port = await freePort()
  const endpoint = `http://127.0.0.1:${port}`
  const temporary = join(folder, 'tmp')
  mkdirSync(temporary, { recursive: true })
  // Functions are unpacked below it. In AWS there is no package.json above them, and here the repository's is.
  writeFileSync(join(folder, 'package.json'), '{}')
  const log = join(folder, 'emulator.log')
  const exited = start(tools.emulator, [], {
    cwd: folder,
    log,
    env: {
      ...withoutAws(process.env),
      PATH: `${tools.nodeFolder}:${process.env.PATH ?? ''}`,
      TMPDIR: temporary,
      STATE_DIR: join(folder, 'state'),
      GATEWAY_PORT: String(port),
      BIND_HOST: '127.0.0.1',
      // These listen on fixed ports.
      IOT_MTLS_ENABLED: '0',
      SFTP_ENABLED: '0',
      // Of the emulator, and of the functions that it starts.
      PYTHONPATH: LOOPBACK,
      NODE_OPTIONS: `--import=${join(LOOPBACK, 'loopback.mjs')}`,
    },
  })
  const failure = new Error(`The emulator does not start: ${log}`)
  const ended = exited.then(() => Promise.reject(failure))
  // It ends with the rehearsal.
  ended.catch(() => undefined)
  const deadline = Date.now() + START_MS
  while (!(await Promise.race([ended, answers(`${endpoint}/_ministack/ready`)]))) {
    if (Date.now() > deadline) throw failure
    await wait(100)
  }
  return { endpoint, port, env: { ...withoutAws(process.env), ...access(endpoint) } }
}

const access = (endpoint: string) => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: REGION,
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  // The accounts of the developer stay out of it.
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
})

const withoutAws = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !/^(AWS|CDK)_/.test(name)))

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    get(url, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    }).on('error', () => resolve(false))
  })
}
