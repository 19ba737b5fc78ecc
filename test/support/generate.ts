import { writeFileSync } from 'node:fs'
import { CLIENT_TYPES, clientTypes } from './client-types.js'
import { ERRORS_DOCUMENT, errorsDocument } from './errors-document.js'

/** `npm run generate` */
writeFileSync(ERRORS_DOCUMENT, errorsDocument())
writeFileSync(CLIENT_TYPES, await clientTypes())
