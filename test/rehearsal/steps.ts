import type { Rehearsal } from './rehearsal.js'
import { admin } from './steps/admin.js'
import { alarms } from './steps/alarms.js'
import { apiKeys } from './steps/api-keys.js'
import { removedAndBack, rolledBack, sameAgain, settingChanged } from './steps/changes.js'
import { events } from './steps/events.js'
import { health } from './steps/health.js'
import { keys } from './steps/keys.js'
import { leftOut } from './steps/left-out.js'
import { people } from './steps/people.js'
import { relyingApi } from './steps/relying-api.js'
import { replaceKeys } from './steps/replace-keys.js'
import { restore } from './steps/restore.js'
import { runbook } from './steps/runbook.js'

/**
 * What is rehearsed once the service is deployed, in this order, by the names that the command takes. To add a step,
 * export a function from `steps/<name>.ts` and name it here, above those that deploy other settings.
 */
export const STEPS: Readonly<Record<string, (rehearsal: Rehearsal) => Promise<void>>> = {
  health,
  alarms,
  people,
  events,
  'api-keys': apiKeys,
  keys,
  admin,
  'relying-api': relyingApi,
  runbook,
  'left-out': leftOut,
  'same-again': sameAgain,
  'setting-changed': settingChanged,
  'rolled-back': rolledBack,
  'removed-and-back': removedAndBack,
  'replace-keys': replaceKeys,
  restore,
}
