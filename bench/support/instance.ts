import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { NODE_24 } from './node.js'
import type { Environment } from './service.js'

const FIRST_ANSWER = fileURLToPath(new URL('first-answer.mjs', import.meta.url))

export interface FirstAnswer {
  readonly status: number
  readonly isAuthorized?: boolean
  readonly residentKilobytes: number
  /** From the spawn of the process to its answer. */
  readonly milliseconds: number
}

/** Starts an instance of a function, which ends when it has answered one event. */
export async function startInstance(
  bundle: string,
  event: object,
  environment: Environment,
): Promise<FirstAnswer> {
  const start = performance.now()
  const child = spawn(NODE_24, [FIRST_ANSWER, bundle, JSON.stringify(event)], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  let milliseconds = 0
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString()
    if (/"residentKilobytes":\d+\}\n$/.test(printed)) milliseconds = performance.now() - start
  })
  await once(child, 'close')
  const said = /^\{.*"residentKilobytes":\d+\}$/m.exec(printed)?.[0]
  if (said === undefined) throw new Error(`${bundle} did not answer\n${printed}`)
  return { ...(JSON.parse(said) as Omit<FirstAnswer, 'milliseconds'>), milliseconds }
}
