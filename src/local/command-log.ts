import { Logger } from '@aws-lambda-powertools/logger'
import { terminalLine } from './terminal-line.js'

/** The log of a command: on standard output at every level, since a command that succeeds has no errors. */
export class CommandLogger extends Logger {
  protected override printLog(_level: number, item: Parameters<Logger['printLog']>[1]): void {
    item.prepareForPrint()
    const fields = item.getAttributes()
    this.print(process.stdout.isTTY ? terminalLine(fields) : JSON.stringify(fields))
  }

  protected print(line: string): void {
    console.log(line)
  }
}

/** The same of a command whose standard output is data. */
export class LookLogger extends CommandLogger {
  protected override print(line: string): void {
    console.error(line)
  }
}
