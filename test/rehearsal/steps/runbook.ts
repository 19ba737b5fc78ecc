import assert from 'node:assert/strict'
import { join } from 'node:path'
import { alarmSections, isOfAwsOnly, preparation } from '../../support/runbook.js'
import { run } from '../../support/children.js'
import type { Rehearsal } from '../rehearsal.js'
import { FOLDER } from '../tools.js'

const PYTHON = join(FOLDER, 'python/bin/python3')
const SHELL = join(import.meta.dirname, '../aws-shell.py')

/**
 * What a person on call pastes works: each name is found, each alarm is there, and each command ends well. The emulator
 * has no metrics and no filters worth a look, so that what the commands print is left to AWS.
 */
export async function runbook({ emulator }: Rehearsal): Promise<void> {
  const before = preparation()
  const names = [...before.matchAll(/^(\w+)=\$\(/gm)].map(([, name = '']) => name)
  assert.ok(names.length > 10, 'the runbook looks names up')
  const script = [
    before,
    ...names.map(
      (name) => `[ -n "$${name}" ] || { echo "nothing is called ${name}" >&2; exit 1; }`,
    ),
    'WAIT=0',
    'set -x',
    ...alarmSections().flatMap(({ commands }) =>
      commands.filter((command) => !isOfAwsOnly(command)).map(mustSay),
    ),
  ]
  const { code, output } = await run(PYTHON, [SHELL], {
    env: emulator.env,
    input: script.join('\n'),
  })
  assert.equal(code, 0, output.split('\n').slice(-10).join('\n'))
}

/** An alarm that is not there has no state, which is no error of the command. */
const mustSay = (command: string): string =>
  command.startsWith('alarm ') ? `[ -n "$(${command})" ]` : command
