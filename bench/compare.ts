import { createRequire } from 'node:module'
import { ProgressBar } from '../src/local/progress-bar.js'
import { SCENARIOS, type Scenario } from './scenarios.js'
import { runBench } from './support/bench.js'
import { readComparisonOptions } from './support/comparison-options.js'
import { CONNECTIONS, hold, WARM_UP } from './support/contest.js'
import { findCores, pinTo } from './support/cores.js'
import { isMissed, lineOf, type Row, rowsOf, tableOf } from './support/comparison.js'
import { printTable } from './support/report.js'
import { type Result, resultsFolder, settingOf, writeResult } from './support/results.js'

/** Packages of the service that contenders use. */
const SHARED = ['fastify', 'argon2', '@fastify/jwt', 'oidc-provider']

const { scenarios, rounds, share, isQuick } = readComparisonOptions()
const cores = findCores()
const isPinned = typeof cores !== 'string'
if (isPinned) pinTo(cores.load)
const setting = settingOf({
  cores: isPinned ? 'server and load on one core each' : `not pinned: ${cores}`,
  connections: CONNECTIONS,
  rounds,
  versions: versions(),
})
console.log(
  `${setting.machine}, Node ${setting.node}, ${setting.cores}, ${CONNECTIONS} connections, ${rounds} rounds`,
)

const chosen = scenarios.map((name) => [name, SCENARIOS[name] as Scenario] as const)
const slices = chosen.reduce((sum, [, { contenders }]) => sum + contenders.length, 0)
const bar = new ProgressBar(process.stderr, slices * (rounds + WARM_UP))
const { date, machine, node } = setting
const subtitle = `rate over the baseline’s, median of ${rounds} rounds; Node ${node}, ${machine}, ${date}`
const results: (Result & { readonly rows: readonly Row[] })[] = []
for (const [name, scenario] of chosen) {
  bar.note(scenario.title)
  await runBench(
    {},
    async (bench) => {
      const rows = rowsOf(scenario, await hold(scenario, bench, { rounds, share, bar }))
      const result = { name, title: scenario.title, setting, rows }
      results.push(result)
      // At once: what fails later takes none of it along.
      const shown = { table: tableOf(rows), subtitle, lines: rows.map(lineOf) }
      writeResult(resultsFolder(isQuick), result, shown)
    },
    isPinned ? cores.server : undefined,
  )
}
bar.end()
for (const { title, rows } of results) {
  const [header = [], ...lines] = tableOf(rows)
  console.log(`\n${title}`)
  printTable(header, lines)
}
if (isQuick) console.log('These figures show that it runs; they are not to be quoted.')
else if (results.some(({ rows }) => rows.some(isMissed))) process.exitCode = 1

/** Of what is compared: what is exact in our packages, those of the service first. */
function versions(): Record<string, string> {
  const require = createRequire(import.meta.url)
  const { dependencies } = require('./package.json') as { dependencies?: Record<string, string> }
  const own = require('../package.json') as { dependencies: Record<string, string> }
  const shared = SHARED.map((name) => {
    const version = own.dependencies[name]
    if (version === undefined) throw new Error(`${name} is no dependency of the service`)
    return [name, version] as const
  })
  return { ...Object.fromEntries(shared), ...dependencies }
}
