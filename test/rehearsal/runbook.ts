import { runbookSection } from '../support/runbook.js'

const EXAMPLE_TIME = '2030-01-31T09:30:00Z'

/**
 * What a section of docs/runbook.md says to paste, in order: the arguments of `npm run admin -- --aws`.
 * @param moment stands for the time that the section has as an example.
 * @throws {Error} for a section without commands, so that a step never rehearses nothing.
 */
export function adminCommandsOf(section: string, moment = EXAMPLE_TIME): string[][] {
  const lines = runbookSection(section).matchAll(/^ +npm run admin -- --aws (.+)$/gm)
  const commands = [...lines].map(([, args = '']) => args.replace(EXAMPLE_TIME, moment).split(' '))
  if (commands.length === 0) throw new Error(`${section} of the runbook has no commands.`)
  return commands
}
