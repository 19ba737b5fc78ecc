/** In the order of the table. */
export const TOOLS = ['cdk-nag', 'schema', 'cfn-lint', 'checkov', 'Control Tower'] as const
export type Tool = (typeof TOOLS)[number]

/** What a tool says of a resource. */
export interface Finding {
  readonly tool: Tool
  /** The rule's id, e.g. `CKV_AWS_117`. */
  readonly rule: string
  /** Logical id of the resource, without the digest that CDK adds to it; or what the tool names instead. */
  readonly resource: string
  /** E.g. `AWS::Lambda::Function`; undefined where no resource is named. */
  readonly type?: string | undefined
  readonly message: string
}

/** A template of at least one variant. */
export interface Template {
  /** Absolute path. */
  readonly file: string
  /** That it is deployed to. */
  readonly region: string
  /** Types of its resources, by their logical ids. */
  readonly types: Readonly<Record<string, string>>
}

/** What a linter says of each template. @throws {Error} for one that did not look at all of them. */
export type Lint = (templates: readonly Template[]) => Promise<Map<Template, Finding[]>>

/** @param logicalId undefined for what is said of the template as a whole. */
export function findingOf(
  { types }: Pick<Template, 'types'>,
  logicalId: string | undefined,
  what: Pick<Finding, 'tool' | 'rule' | 'message'>,
): Finding {
  const resource = logicalId === undefined ? '(template)' : withoutDigest(logicalId)
  return { ...what, resource, type: logicalId === undefined ? undefined : types[logicalId] }
}

const withoutDigest = (logicalId: string): string => logicalId.replace(/[0-9A-F]{8}$/, '')
