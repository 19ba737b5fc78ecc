import { readTranscript } from './transcript.js'

console.log('# transcript', readTranscript().length)
