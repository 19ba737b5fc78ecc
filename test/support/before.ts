import { clearTranscript } from './transcript.js'

clearTranscript()
