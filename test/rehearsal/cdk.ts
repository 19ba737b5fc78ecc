import { join } from 'node:path'
import { type Ended, run } from '../support/children.js'
import { ACCOUNT, type Emulator, REGION } from './emulator.js'

const CLI = join(import.meta.dirname, '../../node_modules/.bin/cdk')

/** The project's own CDK CLI, which takes the emulator for AWS. */
export class Cdk {
  readonly #emulator: Emulator
  readonly #folder: string

  /** @param folder without a `cdk.json`, which would have the functions bundled again and again. */
  constructor(emulator: Emulator, folder: string) {
    this.#emulator = emulator
    this.#folder = folder
  }

  bootstrap(): Promise<string> {
    return this.#mustRun(['bootstrap', `aws://${ACCOUNT}/${REGION}`])
  }

  /**
   * @param assembly folder of a cloud assembly.
   * @param stacks all of it unless given.
   * @throws {Error} for one that fails, with what the CLI says.
   */
  deploy(assembly: string, ...stacks: readonly string[]): Promise<string> {
    return this.#mustRun(deployment(assembly, stacks))
  }

  /** As `deploy`, for one that must fail. */
  async deployInVain(assembly: string, ...stacks: readonly string[]): Promise<void> {
    const { code, output } = await this.#run(deployment(assembly, stacks))
    if (code === 0) throw new Error(`The deployment did not fail:\n${endOf(output)}`)
  }

  destroy(assembly: string, stack: string): Promise<string> {
    return this.#mustRun(['destroy', '--force', '--app', assembly, stack])
  }

  async #mustRun(args: readonly string[]): Promise<string> {
    const { code, output } = await this.#run(args)
    if (code !== 0) throw new Error(`cdk ${args.join(' ')} ended with ${code}:\n${endOf(output)}`)
    return output
  }

  #run(args: readonly string[]): Promise<Ended> {
    const options = ['--no-notices', '--progress', 'events', '--no-color']
    return run(CLI, [...args, ...options], { cwd: this.#folder, env: this.#emulator.env })
  }
}

/** The reason is at the end. */
const endOf = (output: string): string => output.split('\n').slice(-40).join('\n')

const deployment = (assembly: string, stacks: readonly string[]): string[] => [
  'deploy',
  ...(stacks.length > 0 ? ['--exclusively', ...stacks] : ['--all']),
  ...['--app', assembly, '--require-approval', 'never', '--concurrency', '2'],
]
