import { execFileSync } from 'node:child_process'
import { checkDocument } from './plain-english.mjs'

/** Every document in the repository, by the words that it must not have. */
const documents = execFileSync('git', ['ls-files', '*.md'], { encoding: 'utf8' }).trim().split('\n')
const faults = documents.flatMap(checkDocument)
for (const fault of faults) console.error(fault)
process.exitCode = faults.length > 0 ? 1 : 0
