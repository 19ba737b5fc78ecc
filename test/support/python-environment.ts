import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { run } from './children.js'

/** What a test needs can't be had on this machine. The message says why. */
export class ToolsMissing extends Error {
  override readonly name = 'ToolsMissing'
}

/**
 * Makes a virtual environment of Python, unless it was made of the same list before.
 * @param folder that it is in.
 * @param list file of the packages, each with its version, and those that they need.
 * @param what it is for: the beginning of the sentence that says why it can't be had.
 * @returns the folder.
 * @throws {ToolsMissing}
 */
export async function installPython(folder: string, list: string, what: string): Promise<string> {
  await madeOnce(folder, readFileSync(list, 'utf8'), async () => {
    await makeEnvironment(folder)
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check']
    const python = join(folder, 'bin/python3')
    const { code, output } = await run(python, [...pip, '--no-deps', '-r', list])
    if (code !== 0) {
      throw new ToolsMissing(
        `${what} can't be installed from PyPI (or the index that pip is configured for): ${lastLine(output)}`,
      )
    }
  })
  return folder
}

/** Debian's own Python may be without venv, where another one of the PATH has it; and the other way round. */
async function makeEnvironment(folder: string): Promise<void> {
  const whys: string[] = []
  for (const python of ['python3', '/usr/bin/python3']) {
    const { code, output } = await run(python, ['-m', 'venv', '--clear', folder]).catch(
      (error: unknown) => ({ code: 1, output: String(error) }),
    )
    if (code === 0) return
    whys.push(`${python}: ${lastLine(output)}`)
  }
  throw new ToolsMissing(
    `Python 3.10 or newer with venv is needed (Debian: apt-get install python3-venv). ${whys.join(' ')}`,
  )
}

/** Does what makes a folder, unless it was made of the same before. */
export async function madeOnce(
  folder: string,
  of: string,
  make: () => Promise<void>,
): Promise<void> {
  const note = join(folder, '.made-of')
  const digest = createHash('sha256').update(of).digest('hex')
  if (existsSync(note) && readFileSync(note, 'utf8') === digest) return
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(dirname(folder), { recursive: true })
  await make()
  writeFileSync(note, digest)
}

/** Where a program says why it has failed. */
export const lastLine = (output: string): string => output.trim().split('\n').at(-1) ?? ''
