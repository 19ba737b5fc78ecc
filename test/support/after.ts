import { findFaults } from './answers.js'
import { findLeaks } from './leaks.js'
import { readTranscript } from './transcript.js'

/**
 * The last test of a run: no log line and no answer of the whole suite holds a secret that the suite
 * created, and each answer obeys the rules of all. Its exit code fails the run.
 */
const entries = readTranscript()
const leaks = findLeaks(entries)
const count = (kind: string) => entries.filter((entry) => entry.kind === kind).length

for (const { what, where } of leaks) console.error(`# leaked: ${what} in ${where.slice(0, 300)}`)
console.log(
  `# ${count('secret')} secrets looked for in ${count('log')} log lines and ${count('response')} answers: ${leaks.length} leaked`,
)
const faults = findFaults(entries)
for (const fault of faults.slice(0, 20)) console.error(`# against the rules: ${fault}`)
process.exitCode = leaks.length + faults.length === 0 ? 0 : 1
