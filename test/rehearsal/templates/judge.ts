import type { Exception } from './exceptions.js'
import type { Finding, Tool } from './finding.js'
import type { Synthesized } from './synthesis.js'

/** What a tool says of a variant. */
export interface Verdict {
  readonly name: string
  readonly tool: Tool
  /** What must be fixed, or reasoned. */
  readonly findings: readonly Finding[]
  /** How many findings there are exceptions for. */
  readonly excepted: number
}

/** One resource of an exception, for one tool. */
interface Clause extends Pick<Exception, 'unless'> {
  readonly tool: Tool
  readonly rule: string
  readonly resource: string
}

/** Tells findings from exceptions, and knows in the end which exceptions were needed. */
export class Judge {
  readonly #clauses: readonly Clause[]
  readonly #needed = new Set<Clause>()

  constructor(exceptions: readonly Exception[]) {
    this.#clauses = exceptions.flatMap(({ rules, resources, unless }) =>
      Object.entries(rules).flatMap(([tool, rule]) =>
        resources.map((resource) => ({ tool: tool as Tool, rule, resource, unless }) as Clause),
      ),
    )
  }

  /** @param findings of all tools. */
  judge({ name, variant }: Synthesized, tool: Tool, findings: readonly Finding[]): Verdict {
    const ofTool = findings.filter((finding) => finding.tool === tool)
    const open = ofTool.filter((finding) => {
      const clauses = this.#clauses.filter(
        ({ unless, ...clause }) =>
          clause.tool === tool &&
          clause.rule === finding.rule &&
          [finding.resource, finding.type].includes(clause.resource) &&
          (unless === undefined || variant.settings[unless] === undefined),
      )
      for (const clause of clauses) this.#needed.add(clause)
      return clauses.length === 0
    })
    return { name, tool, findings: open, excepted: ofTool.length - open.length }
  }

  /** Exceptions that no finding needed, a line for each. */
  stale(): string[] {
    return this.#clauses
      .filter((clause) => !this.#needed.has(clause))
      .map(({ tool, rule, resource }) => `${tool} ${rule} ${resource}`)
  }
}
