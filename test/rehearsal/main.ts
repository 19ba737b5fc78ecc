import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { silenceVersionWarning } from '../../src/local/runtime.js'
import { killAll, stopAll } from '../support/children.js'
import { ToolsMissing } from '../support/python-environment.js'
import { startEmulator } from './emulator.js'
import { Rehearsal } from './rehearsal.js'
import { Schedule } from './schedule.js'
import { settingSteps } from './settings.js'
import { STEPS } from './steps.js'
import { checkTemplates } from './templates/templates.js'
import { FOLDER, installTools } from './tools.js'

const HELP = `Usage: npm run rehearse -- [options] [step...]

Deploys the service to an emulator of AWS on this machine, with the CDK CLI, and walks through it. Needs no account
and no container engine: Python's venv and PyPI the first time, then nothing. Or it looks at the templates alone.

Steps: ${Object.keys(STEPS).join(', ')} (default: all)

Options:
  --settings   then deploy each setting that the emulator knows, on and off, and look whether the service answers
  --keep       leave the emulator and the service running until Ctrl-C, and print where they are
  --templates  instead of all that, make templates of many settings and have linters look at them
  --help       print this text

Exit code: 0 when all steps passed, 1 when one failed, 2 for wrong arguments, 3 when the emulator or a linter can't be
installed.`

silenceVersionWarning()

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void stopAll().then(() => process.exit(130))
  })
}
process.on('exit', killAll)

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      keep: { type: 'boolean', default: false },
      settings: { type: 'boolean', default: false },
      templates: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const unknown = positionals.find((name) => !Object.hasOwn(STEPS, name))
  if (unknown !== undefined) throw new Error(`There is no step ${unknown}.`)
  if (values.help) console.log(HELP)
  else
    process.exitCode = await (values.templates ? checkTemplates() : rehearse(positionals, values))
} catch (error) {
  console.error(`${(error as Error).message}\n\n${HELP}`)
  process.exitCode = 2
}

/** @returns the exit code. */
async function rehearse(
  names: readonly string[],
  { keep, settings }: { readonly keep: boolean; readonly settings: boolean },
): Promise<number> {
  const schedule = new Schedule()
  const tools = await schedule.run('tools', installTools)
  if (!tools) {
    const { failure } = schedule
    if (failure instanceof ToolsMissing) return 3
    schedule.finish()
    return 1
  }
  const folder = mkdtempSync(join(FOLDER, 'run-'))
  const rehearsal = await deploy(
    schedule,
    async () => new Rehearsal(await startEmulator(tools, folder), folder),
  )
  if (rehearsal) {
    for (const [name, step] of Object.entries(STEPS)) {
      if (names.length === 0 || names.includes(name)) {
        await schedule.run(name, () => step(rehearsal))
      }
    }
    if (settings) {
      for (const [name, step] of settingSteps(rehearsal)) await schedule.run(name, step)
    }
    if (keep) await keepRunning(rehearsal)
  }
  await stopAll()
  const hasPassed = schedule.finish()
  if (hasPassed) rmSync(folder, { recursive: true, force: true })
  else console.log(`The log of the emulator: ${join(folder, 'emulator.log')}`)
  return hasPassed ? 0 : 1
}

/** @returns undefined where that failed: nothing can be rehearsed then. */
async function deploy(
  schedule: Schedule,
  start: () => Promise<Rehearsal>,
): Promise<Rehearsal | undefined> {
  const rehearsal = await schedule.run('emulator', start)
  if (!rehearsal) return undefined
  await schedule.run('bootstrap', () => rehearsal.cdk.bootstrap())
  const isDeployed = await schedule.run('deploy', async () => {
    await rehearsal.verifySender()
    await rehearsal.cdk.deploy(await rehearsal.assembly('default'))
    await rehearsal.findIssuer()
    return true
  })
  return isDeployed ? rehearsal : undefined
}

async function keepRunning({ emulator, issuer }: Rehearsal): Promise<void> {
  console.log(`
The service: ${issuer}
AWS:         ${emulator.endpoint} (AWS_ENDPOINT_URL; keys test and test, region us-east-1)
Ctrl-C ends both.`)
  await new Promise(() => setInterval(() => undefined, 60_000))
}
