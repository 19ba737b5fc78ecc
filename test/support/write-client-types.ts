import { writeFileSync } from 'node:fs'
import { CLIENT_TYPES, clientTypes } from './client-types.js'

/** `npm run generate` */
writeFileSync(CLIENT_TYPES, await clientTypes())
