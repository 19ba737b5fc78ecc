import { promises as dns } from 'node:dns'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { isIPv4 } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import { decodeUtf8 } from '../../lib/utf8.js'
import { isGlobalAddress } from './global-address.js'
import { foreignUrl } from './url.js'

/** How names are resolved and addresses connected to; a test has its own. */
export interface ForeignNetwork {
  /** All addresses of a name. */
  resolve(name: string, signal: AbortSignal): Promise<readonly string[]>
  /** TLS with an address, by which it proves to be the name. */
  connect(address: string, name: string): Duplex
}

export interface ForeignFetcherOptions {
  /** Names of ourselves, which no stranger has us call. */
  readonly ownHosts: readonly string[]
  readonly network?: ForeignNetwork
  /** For everything from the name to the last byte. */
  readonly timeoutMs?: number
}

/** Why something foreign was not fetched. */
export type ForeignFault =
  | ('url' | 'own_host' | 'name' | 'address' | 'unreachable' | 'late')
  | ('redirect' | 'status' | 'type' | 'encoding' | 'size' | 'json')

export class ForeignFailure extends Error {
  override readonly name = 'ForeignFailure'
  readonly fault: ForeignFault

  constructor(fault: ForeignFault, cause?: unknown) {
    super(`The fetch of a foreign URL failed: ${fault}`, { cause })
    this.fault = fault
  }
}

/** JSON of another party, and how it may be kept. */
export interface ForeignJson {
  readonly value: unknown
  readonly cacheControl: string | undefined
}

const PORT = 443
const TIMEOUT_MS = 2000
const MAX_BYTES = 5 * 1024
const MAX_HEADER_BYTES = 8 * 1024
const JSON_TYPE = /^application\/(?:json|[\w.-]+\+json)$/

/**
 * Fetches what a stranger names, without server-side request forgery (ASVS 5.0 V1.3.6): by `https` on port 443 alone,
 * to the very address that was checked after all records of the name were resolved, and never to one that is not global
 * unicast or to ourselves. It follows no redirect, uses no proxy, sends no cookie and no credential, and reads little in
 * little time.
 */
export class ForeignFetcher {
  readonly #ownHosts: ReadonlySet<string>
  readonly #network: ForeignNetwork
  readonly #timeoutMs: number

  constructor({ ownHosts, network = internet, timeoutMs = TIMEOUT_MS }: ForeignFetcherOptions) {
    this.#ownHosts = new Set(ownHosts)
    this.#network = network
    this.#timeoutMs = timeoutMs
  }

  /** @throws {ForeignFailure} for every answer but a small JSON document, and for none. */
  async getJson(text: string): Promise<ForeignJson> {
    const url = foreignUrl(text)
    if (!url) throw new ForeignFailure('url')
    if (this.#ownHosts.has(url.hostname)) throw new ForeignFailure('own_host')
    const signal = AbortSignal.timeout(this.#timeoutMs)
    try {
      const address = await this.#addressOf(url.hostname, signal)
      const answer = await this.#get(url, address, signal)
      return { value: await readJson(answer), cacheControl: answer.headers['cache-control'] }
    } catch (error) {
      if (signal.aborted) throw new ForeignFailure('late')
      throw error instanceof ForeignFailure ? error : new ForeignFailure('unreachable', error)
    }
  }

  /** The address to connect to, after all of them were checked. */
  async #addressOf(name: string, signal: AbortSignal): Promise<string> {
    const addresses = await beforeAbort(this.#network.resolve(name, signal), signal)
    if (addresses.length === 0) throw new ForeignFailure('name')
    if (!addresses.every(isGlobalAddress)) throw new ForeignFailure('address')
    return addresses.find((address) => isIPv4(address)) ?? addresses[0] ?? ''
  }

  /** A connection of its own, without an agent: none is shared, and no proxy of the environment is used. */
  #get(url: URL, address: string, signal: AbortSignal): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const sent = request({
        method: 'GET',
        host: url.hostname,
        // Without an agent, Node would take 80 for the port that `Host` leaves out.
        port: PORT,
        defaultPort: PORT,
        path: url.pathname + url.search,
        headers: {
          accept: 'application/json',
          'accept-encoding': 'identity',
          'user-agent': 'latchkey',
        },
        maxHeaderSize: MAX_HEADER_BYTES,
        signal,
        createConnection: () => this.#network.connect(address, url.hostname),
      })
      sent.on('response', resolve)
      sent.on('error', reject)
      sent.end()
    })
  }
}

async function readJson(answer: IncomingMessage): Promise<unknown> {
  try {
    assertJson(answer)
    const text = decodeUtf8(await readBounded(answer))
    if (text === undefined) throw new ForeignFailure('json')
    return parse(text)
  } finally {
    answer.destroy()
  }
}

function assertJson({ statusCode = 0, headers }: IncomingMessage): void {
  if (statusCode >= 300 && statusCode < 400) throw new ForeignFailure('redirect')
  if (statusCode !== 200) throw new ForeignFailure('status')
  if (!isJson(headers['content-type'] ?? '')) throw new ForeignFailure('type')
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw new ForeignFailure('encoding')
  }
  if (Number(headers['content-length'] ?? 0) > MAX_BYTES) throw new ForeignFailure('size')
}

function isJson(contentType: string): boolean {
  const [type = '', ...parameters] = contentType.toLowerCase().split(';')
  return (
    JSON_TYPE.test(type.trim()) &&
    parameters.every((parameter) => parameter.trim().replaceAll('"', '') === 'charset=utf-8')
  )
}

async function readBounded(answer: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of answer as AsyncIterable<Uint8Array>) {
    bytes += chunk.length
    if (bytes > MAX_BYTES) throw new ForeignFailure('size')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ForeignFailure('json')
  }
}

/** A promise that the end of the time makes fail, whether it ever settles or not. */
function beforeAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
    promise.then(resolve, reject)
  })
}

const NO_RECORD = new Set(['ENODATA', 'ENOTFOUND'])

const internet: ForeignNetwork = {
  /** By DNS, not by the system's resolver: that one blocks the threads that passwords are hashed on. */
  async resolve(name, signal) {
    const resolver = new dns.Resolver({ tries: 2 })
    signal.addEventListener('abort', () => resolver.cancel(), { once: true })
    const orNone = (records: Promise<string[]>) =>
      records.catch((error: unknown) => {
        if (NO_RECORD.has((error as NodeJS.ErrnoException).code ?? '')) return []
        throw error
      })
    const found = await Promise.all([
      orNone(resolver.resolve4(name)),
      orNone(resolver.resolve6(name)),
    ])
    return found.flat()
  },

  connect: (address, name) =>
    connectTls({
      host: address,
      port: PORT,
      servername: name,
      ALPNProtocols: ['http/1.1'],
      minVersion: 'TLSv1.2',
      // The environment (`NODE_TLS_REJECT_UNAUTHORIZED`) can't turn it off.
      rejectUnauthorized: true,
    }),
}
