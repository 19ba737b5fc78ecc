import { Logger } from '@aws-lambda-powertools/logger'
import { terminalLine } from './terminal-line.js'

type LogItem = Parameters<Logger['printLog']>[1]

/**
 * Powertools' logger for the local server: JSON lines for programs, readable ones at a terminal. Lines wait until
 * `release()`, so that the address of the service is the first that is printed.
 */
export class LocalLogger extends Logger {
  #waiting: (() => void)[] | undefined = []

  /** Prints what has waited, and each further line at once. */
  release(): void {
    const lines = this.#waiting ?? []
    this.#waiting = undefined
    for (const print of lines) print()
  }

  protected override printLog(level: number, item: LogItem): void {
    const print = process.stdout.isTTY
      ? () => printForPeople(item)
      : () => super.printLog(level, item)
    if (this.#waiting) this.#waiting.push(print)
    else print()
  }
}

function printForPeople(item: LogItem): void {
  item.prepareForPrint()
  console.log(terminalLine(item.getAttributes()))
}
