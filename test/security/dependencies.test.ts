import { readFileSync } from 'node:fs'
import t from 'tap'
import { pathOf } from '../support/documents.js'

interface Locked {
  readonly version?: string
  readonly resolved?: string
  readonly integrity?: string
  readonly link?: boolean
  /** It is a part of another package, whose checksum covers it. */
  readonly inBundle?: boolean
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const read = (path: string) => JSON.parse(readFileSync(pathOf(path), 'utf8')) as unknown

t.test('each dependency has one exact version and a checksum (ASVS V15.1.2)', async (t) => {
  const manifest = read('package.json') as Manifest
  const { dependencies, devDependencies, optionalDependencies } = manifest
  const named = { ...dependencies, ...devDependencies, ...optionalDependencies }
  t.ok(Object.keys(named).length > 50)
  const loose = Object.entries(named).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))
  t.same(loose, [], 'package.json names exact versions')
  const { packages } = read('package-lock.json') as { packages: Record<string, Locked> }
  const installed = Object.entries(packages).filter(
    ([path, { link, inBundle }]) => path.startsWith('node_modules/') && !link && !inBundle,
  )
  t.ok(installed.length > 500, `${installed.length} packages`)
  const unproved = installed
    .filter(([, { version, integrity = '' }]) => !version || !integrity.startsWith('sha512-'))
    .map(([path]) => path)
  t.same(unproved, [], 'package-lock.json has the version and the checksum of each')
  const elsewhere = installed
    .filter(
      ([, { resolved }]) =>
        resolved !== undefined && !resolved.startsWith('https://registry.npmjs.org/'),
    )
    .map(([path]) => path)
  t.same(elsewhere, [], 'none comes from elsewhere than the registry')
  for (const name of Object.keys(named)) {
    const version = packages[`node_modules/${name}`]?.version
    t.equal(version, named[name], `${name} is installed as it is named`)
  }
})

/** Of what is installed: the first release in which the published faults of the package are fixed. */
const FIXED: Readonly<Record<string, string>> = {
  // CVE-2025-32442, CVE-2026-25223, CVE-2026-3635, CVE-2026-33806
  fastify: '5.8.5',
  // CVE-2026-34950, GHSA-ww5h-9m49-7xx4, GHSA-g3jj-5cmm-3hxx, GHSA-8wpc-h4q6-8fxv
  'fast-jwt': '6.3.1',
  // 25a48a7
  '@fastify/jwt': '10.1.0',
  // CVE-2023-31999
  '@fastify/oauth2': '7.2.0',
  // CVE-2026-92598, CVE-2026-100699, CVE-2026-110870, CVE-2026-121424, CVE-2026-121425, CVE-2026-125755
  nodemailer: '10.6.0',
  // GHSA-7rqj-j65f-68wh, GHSA-xmf8-cvqr-rfgj, GHSA-x445-f3h2-j279
  '@auth/core': '0.41.3',
  // CVE-2022-25896
  passport: '0.6.0',
}

const numbersOf = (version: string): number[] => version.split('.').map(Number)

function isAtLeast(version: string, least: string): boolean {
  const [is, wanted] = [numbersOf(version), numbersOf(least)]
  const at = wanted.findIndex((number, index) => number !== is[index])
  return at === -1 || (is[at] ?? 0) > (wanted[at] ?? 0)
}

t.test(
  'no dependency is older than the release that fixed a published fault (ASVS V15.2.1)',
  async (t) => {
    t.notOk(isAtLeast('5.8.4', '5.8.5') || isAtLeast('4.99.99', '5.8.5'))
    t.ok(
      isAtLeast('5.8.5', '5.8.5') && isAtLeast('5.12.0', '5.8.5') && isAtLeast('10.0.0', '5.8.5'),
    )
    const { packages } = read('package-lock.json') as { packages: Record<string, Locked> }
    for (const [name, least] of Object.entries(FIXED)) {
      const copies = Object.entries(packages).filter(([path]) =>
        path.endsWith(`node_modules/${name}`),
      )
      t.ok(copies.length > 0, `${name} is installed`)
      for (const [path, { version = '' }] of copies) {
        t.ok(isAtLeast(version, least), `${path} ${version}, at least ${least}`)
      }
    }
  },
)
