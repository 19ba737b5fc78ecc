import { Logger } from '@aws-lambda-powertools/logger'
import { record } from './transcript.js'

type LogItem = Parameters<Logger['printLog']>[1]

export interface LogLine {
  readonly level: string
  readonly message: string
  readonly event?: string
  readonly [key: string]: unknown
}

/** The real logger, its lines kept instead of printed. */
export class CapturingLogger extends Logger {
  readonly lines: LogLine[] = []

  protected override printLog(_level: number, item: LogItem): void {
    item.prepareForPrint()
    const line = JSON.stringify(item.getAttributes(), this.getJsonReplacer())
    record({ kind: 'log', line })
    this.lines.push(JSON.parse(line) as LogLine)
  }
}
