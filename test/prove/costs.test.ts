import t from 'tap'
import { costOf } from '../../bench/support/prices.js'
import { countOperations } from '../../bench/support/spent.js'
import { readDocument } from '../support/documents.js'

const DOCUMENT = 'docs/costs.md'
/** No operation that is counted stands for this row: an instance remembers such a key, and counting forgets it. */
const REMEMBERED = 'further calls with that key'

interface Row {
  readonly requests: number
  readonly readUnits: number
  readonly writeUnits: number
  readonly milliseconds: number
  /** Dollars for a million, as they are written. */
  readonly tables: string
  readonly compute: string
  readonly gateway: string
  readonly together: string
}

const table = readDocument(DOCUMENT)
  .split('\n')
  .filter((line) => /^\| [^|]+ \| \d+ /.test(line))
const rows = new Map<string, Row>()
for (const line of table) {
  const [, name = '', ...cells] = line.split('|').map((cell) => cell.trim())
  if (cells.length !== 9) continue
  const [requests, readUnits, writeUnits, milliseconds] = cells.map(Number) as [
    ...[number, number, number, number],
  ]
  const [tables = '', compute = '', gateway = '', together = ''] = cells.slice(4)
  rows.set(name, {
    requests,
    readUnits,
    writeUnits,
    milliseconds,
    tables,
    compute,
    gateway,
    together,
  })
}

t.test('docs/costs.md has the requests and units that the engine counts', async (t) => {
  const counted = await countOperations(3)
  t.same([...rows.keys()].sort(), [...counted.keys(), REMEMBERED].sort(), 'and these operations')
  for (const [name, spent] of counted) {
    const { requests, readUnits, writeUnits } = spent
    t.match(rows.get(name), { requests, readUnits, writeUnits }, name)
    t.equal(rows.get(name)?.tables, costOf(spent).tables.toFixed(2), `${name}: dollars for tables`)
    t.equal(Number(rows.get(name)?.gateway), spent.calls, `${name}: calls`)
  }
})

t.test('the costs of docs/costs.md add up', async (t) => {
  for (const [name, { tables, compute, gateway, together }] of rows) {
    const sum = Number(tables) + Number(compute) + Number(gateway)
    const written = Number(together.replaceAll('*', ''))
    // Each is rounded to a cent.
    t.ok(Math.abs(sum - written) < 0.016, `${name}: ${sum}`)
  }
})
