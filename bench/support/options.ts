import { parseArgs } from 'node:util'

/** A whole number that the command line may set. */
export interface Option {
  readonly value: number
  readonly description: string
}

/**
 * The numbers of a command line such as `--rounds 9`, and its flags. Prints the help and ends the process for `--help`
 * and for a command line that is wrong.
 * @param flags what each does.
 */
export function readOptions<Name extends string, Flag extends string = never>(
  description: string,
  options: Readonly<Record<Name, Option>>,
  flags = {} as Readonly<Record<Flag, string>>,
): Record<Name, number> & Record<Flag, boolean> {
  const entries = Object.entries<Option>(options)
  const flagEntries = Object.entries<string>(flags)
  const help = [
    `${description}\n`,
    ...entries.map(([name, option]) => `  --${name} <n>  ${option.description} (${option.value})`),
    ...flagEntries.map(([name, what]) => `  --${name}  ${what}`),
  ].join('\n')
  try {
    const { values } = parseArgs({
      options: {
        help: { type: 'boolean' },
        ...Object.fromEntries(entries.map(([name]) => [name, { type: 'string' as const }])),
        ...Object.fromEntries(flagEntries.map(([name]) => [name, { type: 'boolean' as const }])),
      },
    })
    if (values.help) {
      console.log(help)
      process.exit()
    }
    const given = values as Partial<Record<string, string | boolean>>
    const numbers = entries.map(([name, { value }]) => [name, parse(name, given[name], value)])
    const set = flagEntries.map(([name]) => [name, given[name] === true])
    return Object.fromEntries([...numbers, ...set]) as Record<Name, number> & Record<Flag, boolean>
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${help}`)
    process.exit(2)
  }
}

function parse(name: string, text: string | boolean | undefined, standard: number): number {
  if (typeof text !== 'string') return standard
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new Error(`--${name} takes a whole number from 1 to 9999`)
  return Number(text)
}
