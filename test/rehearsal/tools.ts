import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../support/children.js'
import { installPython, lastLine, madeOnce, ToolsMissing } from '../support/python-environment.js'

/** Kept from one rehearsal to the next, and no part of the repository. */
export const FOLDER = join(import.meta.dirname, '../../.rehearsal')

/** The runtime of the functions. */
const NODE_VERSION = '24.22.3'
const NODE_PACKAGE = `node-linux-${process.arch}`
/** Guard's binaries, and the rules of AWS Control Tower for it. */
const GUARD_PACKAGE = '@cdklabs/cdk-validator-cfnguard'
const GUARD_VERSION = '0.0.62'

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
    installRequirements('python', 'requirements.txt', 'The emulator'),
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
    installRequirements('linters', 'templates/requirements.txt', 'cfn-lint and checkov'),
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

/** @param list of the packages, beside this file. */
const installRequirements = (name: string, list: string, what: string): Promise<string> =>
  installPython(join(FOLDER, name), join(import.meta.dirname, list), what)

/** Installs one package of npm, without peers. @returns its folder `node_modules`. */
async function installPackage(name: string, wanted: string): Promise<string> {
  const folder = join(FOLDER, name)
  await madeOnce(folder, wanted, async () => {
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
