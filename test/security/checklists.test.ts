import { existsSync } from 'node:fs'
import t from 'tap'
import { rowsOf, tracesOf } from '../support/checklists/checklist.js'
import { CHECKLISTS } from '../support/checklists/checklists.js'
import { checklistPages } from '../support/checklists/pages.js'
import type { Trace } from '../support/checklists/trace.js'
import { anchorsOf, pathOf, readDocument } from '../support/documents.js'
import { countOf } from '../support/named-tests.js'

/** What is wrong with a trace; undefined where it leads to something. */
function faultOf(trace: Trace, level: string | undefined): string | undefined {
  if (typeof trace === 'string') {
    return countOf(trace) === 1 ? undefined : `${countOf(trace)} tests are called so: ${trace}`
  }
  if ('decision' in trace) {
    const [document = '', anchor = ''] = trace.decision.split('#')
    const isThere = existsSync(pathOf(document)) && anchorsOf(document).has(anchor)
    return isThere ? undefined : `no heading: ${trace.decision}`
  }
  if ('notApplicable' in trace) return trace.notApplicable === '' ? 'no reason' : undefined
  if (level !== '2') return 'a gap is for level 2 alone'
  return trace.gap === '' || trace.closedBy === '' ? 'no reason' : undefined
}

t.test(
  'a checklist has a requirement and a trace for each row, and a row for each trace',
  async (t) => {
    for (const checklist of CHECKLISTS) {
      const rows = rowsOf(checklist)
      const ids = rows.map(({ id }) => id)
      const traced = tracesOf(checklist).map(([id]) => id)
      t.ok(ids.length > 0, checklist.name)
      t.same([...new Set(ids)], ids, `no id of ${checklist.name} is there twice`)
      t.same([...new Set(traced)], traced, `no id of ${checklist.name} is traced twice`)
      t.same([...traced].sort(), [...ids].sort(), `what holds each row of ${checklist.name}`)
      for (const { id, requirement } of rows) t.ok(requirement.length > 5, `${id}: ${requirement}`)
    }
  },
)

t.test('what holds a row of a checklist exists, and no row of level 1 is a gap', async (t) => {
  for (const checklist of CHECKLISTS) {
    const levels = new Map(rowsOf(checklist).map(({ id, level }) => [id, level]))
    for (const [id, traces] of tracesOf(checklist)) {
      t.ok(traces.length > 0, id)
      for (const trace of traces) t.equal(faultOf(trace, levels.get(id)), undefined, id)
    }
  }
})

t.test('the pages of checklists are as their rows and traces have it', async (t) => {
  for (const [path, page] of await checklistPages()) {
    t.equal(readDocument(path), page, `${path}: npm run generate`)
  }
})
