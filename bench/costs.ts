import { readOptions } from './support/options.js'
import { costOf } from './support/prices.js'
import { machine, printTable } from './support/report.js'
import { countOperations } from './support/spent.js'

const { rounds } = readOptions(
  'What each operation costs on AWS: requests and units of DynamoDB, milliseconds of Lambda, dollars for a million.',
  { rounds: { value: 15, description: 'times that each operation is done' } },
)

console.log(machine())
const rows = [...(await countOperations(rounds))].map(([name, spent]) => {
  const { tables, compute, total } = costOf(spent)
  return [
    name,
    spent.calls.toFixed(0),
    spent.requests.toFixed(0),
    spent.readUnits.toFixed(1),
    spent.writeUnits.toFixed(1),
    spent.milliseconds.toFixed(0),
    tables.toFixed(2),
    compute.toFixed(2),
    total.toFixed(2),
  ]
})
const header = [
  ...['', 'calls', 'requests', 'read units', 'write units', 'ms'],
  ...['$ tables', '$ function', '$'],
]
printTable(header, rows)
