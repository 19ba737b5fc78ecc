import { CATALOGUE, type EventFields, type EventName } from '../events/catalogue.js'
import { eventLine } from '../events/report.js'
import type { AdminAct } from '../events/catalogue.js'
import { CommandLogger, LookLogger } from '../local/command-log.js'

/** Who did it, in the log. */
export const COMMAND_LINE = 'command-line'

/** The same line that the service writes when an administrator does it there. */
export function logEvent<N extends EventName>(event: N, fields: EventFields[N]): void {
  write(new CommandLogger({ serviceName: 'latchkey' }), event, fields)
}

/** What the command line looks at, on standard error: its standard output is what it has found. */
export function logLook(event: 'authz_admin', act: AdminAct): void {
  write(new LookLogger({ serviceName: 'latchkey' }), event, { userId: COMMAND_LINE, ...act })
}

function write<N extends EventName>(log: CommandLogger, event: N, fields: EventFields[N]): void {
  const line: object = eventLine(event, fields)
  log[CATALOGUE[event].level](event, { ...line })
}
