import { Command } from 'commander'
import { VERSION } from '../lib/version.js'

const AFTER = `
Every other setting is an environment variable: see docs/configuration.md.
  PORT=4000 npm start                  in a POSIX shell
  $env:PORT = 4000; npm start          in PowerShell`

/**
 * The variables that the arguments of `npm start --` stand for. Prints help, the version or a refusal, and ends
 * the process, where the arguments ask for that.
 */
export function parseArguments(argv: readonly string[]): NodeJS.ProcessEnv {
  const program = new Command('npm start --')
    .description('Runs Latchkey on this machine, with an embedded database.')
    .version(VERSION)
    .option('--port <number>', 'port to listen on, 0 for any free one (PORT, default 3000)')
    .option('--host <address>', 'address to listen on (HOST, default localhost)')
    .option('--data-dir <folder>', 'folder of the database and keys (DATA_DIR, default .data)')
    .addHelpText('after', AFTER)
    .showHelpAfterError('Run “npm start -- --help” for the options.')
    .parse(argv, { from: 'user' })
  const { port, host, dataDir } = program.opts<Record<string, string | undefined>>()
  return {
    ...(port !== undefined && { PORT: port }),
    ...(host !== undefined && { HOST: host }),
    ...(dataDir !== undefined && { DATA_DIR: dataDir }),
  }
}
