import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Metafile } from 'esbuild'

const MODULES = 'node_modules/'

/**
 * Licenses of the packages that were built in, as MIT, BSD, ISC and Apache-2.0 ask of copies.
 * @throws {Error} for a package without a license.
 */
export function notices(root: string, made: readonly Metafile[]): string {
  const byLicense = new Map<string, Set<string>>()
  for (const folder of packagesOf(made)) {
    const { name, version, license } = JSON.parse(
      readFileSync(join(root, folder, 'package.json'), 'utf8'),
    ) as { name: string; version: string; license?: string }
    const text = licenseText(join(root, folder)) ?? license
    if (text === undefined) throw new Error(`${name} has no license.`)
    byLicense.set(text, (byLicense.get(text) ?? new Set()).add(`${name} ${version}`))
  }
  return [...byLicense]
    .map(([text, names]) => `${[...names].join('\n')}\n\n${text}\n`)
    .join(`\n${'-'.repeat(80)}\n\n`)
}

/** Folders of packages whose code is in an output. */
function packagesOf(made: readonly Metafile[]): string[] {
  const paths = made.flatMap(({ outputs }) =>
    Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs)),
  )
  // What a plugin of esbuild made up has a prefix, such as `builtin:`.
  const files = paths.filter((path) => path.includes(MODULES) && !path.includes(':'))
  return [...new Set(files.map(packageOf))].sort()
}

function packageOf(path: string): string {
  const end = path.lastIndexOf(MODULES) + MODULES.length
  const [first = '', second = ''] = path.slice(end).split('/')
  return path.slice(0, end) + (first.startsWith('@') ? `${first}/${second}` : first)
}

function licenseText(folder: string): string | undefined {
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name))
  return file === undefined ? undefined : readFileSync(join(folder, file), 'utf8').trim()
}
