import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './children.js'

/** Kept from one rehearsal to the next, and no part of the repository. */
export const FOLDER = join(import.meta.dirname, '../../.rehearsal')

/** The runtime of the functions. */
const NODE_VERSION = '24.22.3'
const NODE_PACKAGE = `node-linux-${process.arch}`
/** Guard's binaries, and the rules of AWS Control Tower for it. */
const GUARD_PACKAGE = '@cdklabs/cdk-validator-cfnguard'
const GUARD_VERSION = '0.0.62'

/** What a rehearsal needs can't be had on this machine. The message says why. */
export class ToolsMissing extends Error {
  override readonly name = 'ToolsMissing'
}

/** Programs that a rehearsal runs. */
export interface Tools {
  readonly emulator: string
  /** Folder of the `node` that functions run on. */
  readonly nodeFolder: string
}

/** Programs that look at templates. */
export interface Linters {
  readonly cfnLint: string
  readonly checkov: string
  /** AWS CloudFormation Guard. */
  readonly guard: string
  /** Folder of its rules: those of AWS Control Tower. */
  readonly guardRules: string
}

/**
 * The pinned emulator, in a virtual environment of Python, and Node 24; installed where they are missing.
 * @throws {ToolsMissing}
 */
export async function installTools(): Promise<Tools> {
  if (process.platform !== 'linux') {
    throw new ToolsMissing(`The functions are built for Linux, and this is ${process.platform}.`)
  }
  const [python, node] = await Promise.all([
    installPython('python', 'requirements.txt', 'The emulator'),
    installPackage('node', `${NODE_PACKAGE}@${NODE_VERSION}`),
  ])
  return {
    emulator: join(python, 'bin/ministack'),
    nodeFolder: join(node, NODE_PACKAGE, 'bin'),
  }
}

/**
 * The pinned linters of templates; installed where they are missing.
 * @throws {ToolsMissing}
 */
export async function installLinters(): Promise<Linters> {
  if (process.platform !== 'linux') {
    throw new ToolsMissing(`The linters are installed for Linux, and this is ${process.platform}.`)
  }
  const [python, modules] = await Promise.all([
    // Apart from the emulator, of whose dependencies checkov wants other versions.
    installPython('linters', 'templates/requirements.txt', 'cfn-lint and checkov'),
    installPackage('guard', `${GUARD_PACKAGE}@${GUARD_VERSION}`),
  ])
  const guard = join(modules, GUARD_PACKAGE)
  const machine = process.arch === 'arm64' ? 'aarch64' : 'x86_64'
  return {
    cfnLint: join(python, 'bin/cfn-lint'),
    checkov: join(python, 'bin/checkov'),
    guard: join(guard, 'bin/ubuntu', machine, 'cfn-guard'),
    guardRules: join(guard, 'rules/control-tower/cfn-guard'),
  }
}

/**
 * Makes a virtual environment.
 * @param requirements beside this file.
 * @param what it is for: the beginning of the sentence that says why it can't be had.
 */
async function installPython(name: string, requirements: string, what: string): Promise<string> {
  const folder = join(FOLDER, name)
  const list = join(import.meta.dirname, requirements)
  await once(folder, readFileSync(list, 'utf8'), async () => {
    await makeEnvironment(folder)
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check']
    const python = join(folder, 'bin/python3')
    const { code, output } = await run(python, [...pip, '--no-deps', '-r', list])
    if (code !== 0) {
      throw new ToolsMissing(
        `${what} can't be installed from PyPI (or the index that pip is configured for): ${lastLine(output)}`,
      )
    }
  })
  return folder
}

/** Debian's own Python may be without venv, where another one of the PATH has it; and the other way round. */
async function makeEnvironment(folder: string): Promise<void> {
  const whys: string[] = []
  for (const python of ['python3', '/usr/bin/python3']) {
    const { code, output } = await run(python, ['-m', 'venv', '--clear', folder]).catch(
      (error: unknown) => ({ code: 1, output: String(error) }),
    )
    if (code === 0) return
    whys.push(`${python}: ${lastLine(output)}`)
  }
  throw new ToolsMissing(
    `Python 3.10 or newer with venv is needed (Debian: apt-get install python3-venv). ${whys.join(' ')}`,
  )
}

/** Installs one package of npm, without peers. @returns its folder `node_modules`. */
async function installPackage(name: string, wanted: string): Promise<string> {
  const folder = join(FOLDER, name)
  await once(folder, wanted, async () => {
    mkdirSync(folder, { recursive: true })
    // Without it npm takes the package.json of the repository.
    writeFileSync(join(folder, 'package.json'), '{"private":true}')
    const quiet = ['--no-audit', '--no-fund', '--ignore-scripts']
    const { code, output } = await run(
      'npm',
      ['install', ...quiet, '--omit=peer', '--save-exact', wanted],
      { cwd: folder },
    )
    if (code !== 0) {
      throw new ToolsMissing(`${wanted} can't be installed from npm: ${lastLine(output)}`)
    }
  })
  return join(folder, 'node_modules')
}

/** Does what makes a folder, unless it was made of the same before. */
async function once(folder: string, of: string, make: () => Promise<void>): Promise<void> {
  const note = join(folder, '.made-of')
  const digest = createHash('sha256').update(of).digest('hex')
  if (existsSync(note) && readFileSync(note, 'utf8') === digest) return
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(FOLDER, { recursive: true })
  await make()
  writeFileSync(note, digest)
}

const lastLine = (output: string): string => output.trim().split('\n').at(-1) ?? ''
