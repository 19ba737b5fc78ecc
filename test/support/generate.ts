import { writeFileSync } from 'node:fs'
import { CLIENT_TYPES, clientTypes } from './client-types.js'
import { pathOf } from './documents.js'
import { CONFIGURATION_DOCUMENT, configurationDocument } from './environment-table.js'
import { CONTRIBUTING, contributingDocument } from './route-table.js'
import { ERRORS_DOCUMENT, errorsDocument } from './errors-document.js'
import {
  SETTINGS_DOCUMENT,
  SETTINGS_SCHEMA,
  SETTINGS_TYPES,
  settingsDocument,
  settingsJsonSchema,
  settingsTypes,
} from './settings-documents.js'
import {
  ACCOUNT_EXPORT_SCHEMA,
  accountExportSchema,
  IMPORT_SCHEMA,
  importSchema,
} from './export-document.js'
import { CLOUD_EVENT_SCHEMA, cloudEventSchema } from './cloud-event-document.js'
import { EVENTS_DOCUMENT, eventsDocument } from './events-document.js'
import { checklistPages } from './checklists/pages.js'

/** `npm run generate` */
writeFileSync(ERRORS_DOCUMENT, errorsDocument())
writeFileSync(EVENTS_DOCUMENT, await eventsDocument())
writeFileSync(CLOUD_EVENT_SCHEMA, await cloudEventSchema())
writeFileSync(pathOf(CONFIGURATION_DOCUMENT), await configurationDocument())
writeFileSync(pathOf(CONTRIBUTING), await contributingDocument())
writeFileSync(CLIENT_TYPES, await clientTypes())
writeFileSync(ACCOUNT_EXPORT_SCHEMA, await accountExportSchema())
writeFileSync(IMPORT_SCHEMA, await importSchema())
writeFileSync(pathOf(SETTINGS_TYPES), await settingsTypes())
writeFileSync(pathOf(SETTINGS_SCHEMA), await settingsJsonSchema())
writeFileSync(pathOf(SETTINGS_DOCUMENT), await settingsDocument())
for (const [path, page] of await checklistPages()) writeFileSync(pathOf(path), page)
