import { Logger } from '@aws-lambda-powertools/logger'
import { terminalLine } from './terminal-line.js'

/** The log of a command: on standard output at every level, since a command that succeeds has no errors. */
export class CommandLogger extends Logger {
  protected override printLog(_level: number, item: Parameters<Logger['printLog']>[1]): void {
    item.prepareForPrint()
    const fields = item.getAttributes()
    console.log(process.stdout.isTTY ? terminalLine(fields) : JSON.stringify(fields))
  }
}
