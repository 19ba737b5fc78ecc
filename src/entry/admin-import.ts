import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import type { Command } from 'commander'
import { readFirebaseParameters } from '../imports/firebase.js'
import type { Importer, Outcome } from '../imports/importer.js'
import { linesOf } from '../imports/lines.js'
import { UsageError } from '../local/local-error.js'
import { ProgressBar, type Screen } from '../local/progress-bar.js'
import { DigestError } from '../users/imported/digest.js'
import { logLook } from './admin-log.js'
import { print } from './admin-people.js'

interface ImportFlags {
  readonly dryRun?: boolean
  readonly reset?: boolean
  readonly firebaseConfig?: string
}

/** Runs something with what makes the accounts. `isMailed`: each person gets a link to choose a password. */
type WithImporter = (
  use: (importer: Importer) => Promise<void>,
  how: { readonly isMailed: boolean },
) => Promise<void>

const SOME_REFUSED = 1
const INTERRUPTED = 130

const HELP = `
Each line is a JSON object: docs/import.md has its fields, and how to get them from other services.
Standard output has the new id of each line, beside the old one (externalId). Lines that are refused are on standard
error by their numbers. Existing accounts stay as they are, so that a second run goes on where one was stopped.
Exit code: 0, all lines are in; 1, some were refused; 2, the command is wrong; 130, stopped by Ctrl-C.`

/** `admin import`: people of another service, with their password hashes. */
export function addImportCommand(program: Command, withImporter: WithImporter): void {
  program
    .command('import <file>')
    .description('make accounts for people of another service, from NDJSON; - reads standard input')
    .option('--dry-run', 'check each line and look for its account, and write nothing')
    .option('--reset', 'leave the passwords behind, and mail each person a link to choose one')
    .option('--firebase-config <file>', 'the password hash parameters of a Firebase project')
    .addHelpText('after', HELP)
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : UsageError.exitCode))
    .action(
      async (file: string, { dryRun = false, reset = false, firebaseConfig }: ImportFlags) => {
        const total = await lineCount(file)
        const firebase =
          firebaseConfig === undefined ? undefined : await parametersIn(firebaseConfig)
        const stop = new AbortController()
        process.once('SIGINT', () => stop.abort())
        const isMailed = reset && !dryRun
        await withImporter(
          async (importer) => {
            const bar = new ProgressBar(file === '-' ? WITHOUT_BAR : process.stderr, total)
            const report = new Report(bar, dryRun)
            if (!dryRun) logLook('authz_admin', { action: 'import', targetId: undefined })
            const input = file === '-' ? process.stdin : createReadStream(file)
            const options = { firebase, withoutHashes: reset, isDryRun: dryRun, stop: stop.signal }
            for await (const outcomes of importer.run(linesOf(input), options)) {
              await report.add(outcomes)
            }
            bar.end()
            console.error(report.sum(stop.signal.aborted))
            if (report.hasRefused) process.exitCode = SOME_REFUSED
            if (stop.signal.aborted) process.exitCode = INTERRUPTED
          },
          { isMailed },
        )
      },
    )
}

/** How much is still to come is known of a file alone. */
const WITHOUT_BAR: Screen = { write: (text) => process.stderr.write(text) }

class Report {
  readonly #bar: ProgressBar
  readonly #isDryRun: boolean
  readonly #counts = { created: 0, unchanged: 0, refused: 0 }

  constructor(bar: ProgressBar, isDryRun: boolean) {
    this.#bar = bar
    this.#isDryRun = isDryRun
  }

  get hasRefused(): boolean {
    return this.#counts.refused > 0
  }

  async add(outcomes: readonly Outcome[]): Promise<void> {
    for (const outcome of outcomes) {
      this.#counts[outcome.outcome]++
      if (outcome.outcome === 'refused') this.#bar.note(`line ${outcome.line}: ${outcome.reason}`)
      else if (!this.#isDryRun) await print(outcome)
    }
    this.#bar.advance(outcomes.length)
  }

  sum(isStopped: boolean): string {
    const { created, unchanged, refused } = this.#counts
    const done = this.#isDryRun ? 'can be made; nothing was written' : 'made'
    return [
      `${created} accounts ${done}. ${unchanged} were imported before. ${refused} lines were refused.`,
      ...(isStopped ? ['Stopped. Run the command again to go on.'] : []),
      ...(created > 0 ? [ABOUT_TIME] : []),
    ].join('\n')
  }
}

const ABOUT_TIME =
  'Until a person has signed in once, how long a sign-in takes tells their address from one without an account.'

/** @returns how many lines a file has; 0 for standard input. @throws {UsageError} */
async function lineCount(file: string): Promise<number> {
  if (file === '-') return 0
  const found = await stat(file).catch(() => undefined)
  if (!found?.isFile()) throw new UsageError(`There is no file ${file}.`)
  let lines = 0
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    for (let at = chunk.indexOf('\n'); at >= 0; at = chunk.indexOf('\n', at + 1)) lines++
  }
  return lines
}

/** @throws {UsageError} */
async function parametersIn(file: string) {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) throw new UsageError(`There is no file ${file}.`)
  try {
    return readFirebaseParameters(text)
  } catch (error) {
    if (error instanceof DigestError)
      throw new UsageError(`--firebase-config: ${file} ${error.message}.`)
    throw error
  }
}
