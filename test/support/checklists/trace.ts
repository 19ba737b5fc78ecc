import type { NamedTest } from '../named-tests.js'

/** A decision with its reason, by the heading it stands under: `docs/operations.md#logs`. */
interface Decision {
  readonly decision: `${string}.md#${string}`
}

/** The requirement is about something that the service does not have. */
interface NotApplicable {
  readonly notApplicable: string
}

/** The requirement is not met. Never at level 1. */
interface Gap {
  /** What is missing, and why. */
  readonly gap: string
  /** What would close it. */
  readonly closedBy: string
}

/** What holds a row of a checklist: a test that fails when it is broken, or a written answer. */
export type Trace = NamedTest | Decision | NotApplicable | Gap

/** What holds each row, by the row's id. */
export type Traces = Readonly<Record<string, readonly [Trace, ...Trace[]]>>
