import { format, resolveConfig } from 'prettier'
import { appSettingsSchema, settingsSchema } from '../../infra/settings/schema.js'
import { pathOf, withParts } from './documents.js'

/** What of JSON Schema, and of infra/settings/schema.ts, is read here. */
interface Part {
  readonly type?: string
  readonly title?: string
  readonly description?: string
  readonly default?: string | number | boolean
  readonly otherwise?: string
  readonly declared?: readonly [name: string, file: string]
  readonly enum?: readonly unknown[]
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Part>>
  readonly patternProperties?: Readonly<Record<string, Part>>
  readonly items?: Part
}

const settings = settingsSchema as unknown as Part
const appSettings = appSettingsSchema as unknown as Part

export const SETTINGS_TYPES = 'infra/settings/latchkey-settings.ts'
export const SETTINGS_SCHEMA = 'latchkey.schema.json'
export const SETTINGS_DOCUMENT = 'docs/deploy.md'

/** `LatchkeySettings` and the interfaces of its objects, each with its docstring. */
export async function settingsTypes(): Promise<string> {
  const imports = allParts(settings).flatMap(({ declared }) => declared ?? [])
  const lines = imports.flatMap((name, index) =>
    index % 2 === 0 ? [`import type { ${name} } from '${imports[index + 1] ?? ''}'`] : [],
  )
  const header = '// Made from schema.ts by `npm run generate`; a test compares the two.'
  const interfaces = [...new Set(allParts(settings))].flatMap((part) =>
    part.title === undefined ? [] : interfaceOf(part),
  )
  const text = [...lines, '', header, '', ...interfaces].join('\n')
  return formatted(SETTINGS_TYPES, text)
}

/** The schema by which an editor completes `latchkey.json`. */
export const settingsJsonSchema = (): Promise<string> =>
  formatted(
    SETTINGS_SCHEMA,
    JSON.stringify(
      { $schema: 'http://json-schema.org/draft-07/schema#', ...appSettingsSchema },
      (name, value: unknown) => (name === 'otherwise' || name === 'declared' ? undefined : value),
    ),
  )

/** `docs/deploy.md`, with its table of settings. */
export const settingsDocument = (): Promise<string> =>
  withParts(SETTINGS_DOCUMENT, { settings: table() })

async function formatted(file: string, text: string): Promise<string> {
  const path = pathOf(file)
  return format(text, { ...(await resolveConfig(path)), filepath: path })
}

function table(): string {
  const rows = rowsOf('', appSettings)
  return ['| setting | default | what it is |', '|---|---|---|', ...rows].join('\n')
}

/** A setting, and those in it. What is in `resources` and `clients` has documents of its own. */
const rowsOf = (prefix: string, { properties = {}, required = [] }: Part): string[] =>
  Object.entries(properties).flatMap(([name, part]) => {
    const isRequired = required.includes(name)
    const cells = [
      `\`${prefix}${name}\``,
      isRequired ? 'required' : defaultOf(part),
      `${part.description ?? ''}${part.enum ? ` One of ${part.enum.join(', ')}.` : ''}`,
    ]
    return [`| ${cells.join(' | ')} |`, ...rowsOf(`${prefix}${name}.`, part)]
  })

const defaultOf = ({ default: fallback, otherwise = '' }: Part): string =>
  fallback === undefined ? otherwise : `\`${String(fallback)}\``

function allParts(part: Part): Part[] {
  const below = part.declared ? [] : [...Object.values(part.properties ?? {}), part.items]
  return [part, ...below.flatMap((child) => (child ? allParts(child) : []))]
}

function interfaceOf({ title = '', description = '', properties = {}, required = [] }: Part) {
  const members = Object.entries(properties).map(([name, part]) => {
    const mark = required.includes(name) ? '' : '?'
    return `${docstringOf(part)}readonly ${name}${mark}: ${typeOf(part)}`
  })
  return [
    ...(title === 'LatchkeySettings' ? [`/** ${description} */`] : []),
    `export interface ${title} {`,
    ...members,
    '}',
    '',
  ]
}

function docstringOf({ description = '', default: fallback, otherwise }: Part): string {
  const value = typeof fallback === 'string' ? `'${fallback}'` : String(fallback)
  const tag = fallback === undefined ? otherwise && `- ${otherwise}` : value
  if (description === '') return ''
  const lines = [...wrap(description), ...(tag === undefined ? [] : wrap(`@default ${tag}`))]
  return lines.length === 1
    ? `/** ${description} */\n`
    : `/**\n${lines.map((line) => ` * ${line}\n`).join('')} */\n`
}

const WIDTH = 112

function wrap(text: string): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || last.length + word.length >= WIDTH) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}

function typeOf(part: Part): string {
  if (part.title !== undefined) return part.title
  const [declared] = part.declared ?? []
  if (part.patternProperties) {
    const [value = {}] = Object.values(part.patternProperties)
    return `Readonly<Record<string, ${declared ?? typeOf(value)}>>`
  }
  if (part.items) return `readonly ${typeOf(part.items)}[]`
  if (part.type === 'integer') return 'number'
  if (part.enum) return part.enum.map((value) => JSON.stringify(value)).join(' | ')
  return part.type ?? 'unknown'
}
