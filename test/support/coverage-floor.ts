import { readFileSync } from 'node:fs'

/** What the suite covers today, rounded down: a change may raise it and must not lower it. */
const FLOOR = { lines: 95, branches: 90, functions: 95 }

interface Summary {
  readonly total: Readonly<Record<keyof typeof FLOOR, { readonly pct: number }>>
}

const path = new URL('../../.tap/report/coverage-summary.json', import.meta.url)
const { total } = JSON.parse(readFileSync(path, 'utf8')) as Summary

for (const [name, floor] of Object.entries(FLOOR)) {
  const { pct } = total[name as keyof typeof FLOOR]
  console.log(`# coverage of ${name}: ${pct} % (floor ${floor} %)`)
  if (pct < floor) process.exitCode = 1
}
