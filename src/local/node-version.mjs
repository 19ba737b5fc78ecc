import { readFileSync } from 'node:fs'

// Loaded before an entry, and no TypeScript: an older Node stops at what it does not know of the rest, before
// a line of that has run.
const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
const needed = JSON.parse(manifest).engines.node
const { node } = process.versions

if (numberOf(node) < numberOf(needed)) {
  console.error(`Latchkey needs Node ${needed}; this is ${node}.`)
  process.exit(1)
}

try {
  import.meta.resolve('tsx')
} catch {
  console.error('The packages of Latchkey are not installed. Run “npm ci” first.')
  process.exit(1)
}

/** Major and minor as one number, of a version or of the least that will do. */
function numberOf(version) {
  const [, major, minor] = /(\d+)\.(\d+)/.exec(version)
  return Number(major) * 1000 + Number(minor)
}
