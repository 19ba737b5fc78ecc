import { createRequire } from 'node:module'
import { join } from 'node:path'
import { ProgressBar } from '../src/local/progress-bar.js'
import { SCENARIOS, type Scenario } from './scenarios.js'
import { runBench } from './support/bench.js'
import { readComparisonOptions } from './support/comparison-options.js'
import { CONNECTIONS, hold, WARM_UP } from './support/contest.js'
import { findCores, pinTo } from './support/cores.js'
import { cells, HEADER, writeResults } from './support/results.js'
import { isMissed, type Result, rowsOf, type Setting } from './support/result.js'
import { printTable, processor } from './support/report.js'

/** How much shorter a slice of `--quick` is. */
const QUICK_SHARE = 0.2

const { scenarios, rounds, isQuick } = readComparisonOptions()
const cores = findCores()
const isPinned = typeof cores !== 'string'
if (isPinned) pinTo(cores.load)
const setting: Setting = {
  date: new Date().toISOString().slice(0, 10),
  machine: processor(),
  node: process.version,
  cores: isPinned ? 'server and load on one core each' : `not pinned: ${cores}`,
  connections: CONNECTIONS,
  rounds,
  versions: versions(),
}
console.log(
  `${setting.machine}, Node ${setting.node}, ${setting.cores}, ${CONNECTIONS} connections, ${rounds} rounds`,
)

const chosen = scenarios.map((name) => [name, SCENARIOS[name] as Scenario] as const)
const slices = chosen.reduce((sum, [, { contenders }]) => sum + contenders.length, 0)
const bar = new ProgressBar(process.stderr, slices * (rounds + WARM_UP))
const results: Result[] = []
for (const [name, scenario] of chosen) {
  await runBench(
    {},
    async (bench) => {
      const held = await hold(scenario, bench, { rounds, share: isQuick ? QUICK_SHARE : 1, bar })
      results.push({ scenario: name, title: scenario.title, setting, rows: rowsOf(scenario, held) })
    },
    isPinned ? cores.server : undefined,
  )
}
bar.end()
for (const { title, rows } of results) {
  console.log(`\n${title}`)
  printTable(HEADER, rows.map(cells))
}
const folder = join(import.meta.dirname, 'results', isQuick ? 'quick' : '')
writeResults(folder, results)
console.log(`\nWritten to ${folder}`)
if (isQuick) console.log('These figures show that it runs; they are not to be quoted.')
else if (results.some(({ rows }) => rows.some(isMissed))) process.exitCode = 1

/** Of what is compared: what is exact in our packages. */
function versions(): Record<string, string> {
  const require = createRequire(import.meta.url)
  const { dependencies } = require('./package.json') as { dependencies?: Record<string, string> }
  const own = require('../package.json') as { dependencies: Record<string, string> }
  const { fastify = '', argon2 = '' } = own.dependencies
  return { fastify, argon2, ...dependencies }
}
