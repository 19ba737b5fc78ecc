import { join } from 'node:path'
import { installPython } from '../../support/python-environment.js'

/** Kept from one run to the next, until packages are installed again. */
const FOLDER = join(import.meta.dirname, '../../../node_modules/.cache/schemathesis')

/**
 * The pinned schemathesis, installed where it is missing.
 * @returns the path of its program.
 * @throws {ToolsMissing}
 */
export async function installSchemathesis(): Promise<string> {
  const list = join(import.meta.dirname, 'requirements.txt')
  const folder = await installPython(FOLDER, list, 'schemathesis')
  return join(folder, 'bin/schemathesis')
}
