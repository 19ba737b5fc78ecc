import { parseArgs } from 'node:util'

/** A whole number that the command line may set. */
export interface Option {
  readonly value: number
  readonly description: string
}

/**
 * The numbers of a command line such as `--rounds 9`. Prints the help and ends the process for `--help`
 * and for a command line that is wrong.
 */
export function readOptions<Name extends string>(
  description: string,
  options: Readonly<Record<Name, Option>>,
): Record<Name, number> {
  const entries = Object.entries<Option>(options)
  const help = [
    `${description}\n`,
    ...entries.map(([name, option]) => `  --${name} <n>  ${option.description} (${option.value})`),
  ].join('\n')
  try {
    const { values } = parseArgs({
      options: {
        help: { type: 'boolean' },
        ...Object.fromEntries(entries.map(([name]) => [name, { type: 'string' as const }])),
      },
    })
    if (values.help) {
      console.log(help)
      process.exit()
    }
    const given = values as Partial<Record<string, string>>
    const numbers = entries.map(([name, { value }]) => [name, parse(name, given[name], value)])
    return Object.fromEntries(numbers) as Record<Name, number>
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${help}`)
    process.exit(2)
  }
}

function parse(name: string, text: string | undefined, standard: number): number {
  if (text === undefined) return standard
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new Error(`--${name} takes a whole number from 1 to 9999`)
  return Number(text)
}
