import { buildEntries } from './entries.js'
import { clearTranscript } from './transcript.js'

clearTranscript()
await buildEntries()
