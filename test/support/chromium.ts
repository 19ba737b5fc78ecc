import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import t from 'tap'
import { temporaryFolder } from './engine.js'

/** What a browser does on its own, which no test asks for: none of it leaves the machine. */
const QUIET = [
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
  ...['--disable-domain-reliability', '--no-pings', '--no-first-run', '--no-default-browser-check'],
]

/** Every other name than this machine's is unknown, but the ones that a test wants to be of this machine. */
const resolverRules = (names: readonly string[]): string =>
  [
    ...names.map((name) => `MAP ${name} 127.0.0.1`),
    ...['MAP * ~NOTFOUND', 'EXCLUDE 127.*', 'EXCLUDE ::1', 'EXCLUDE localhost'],
  ].join(', ')

let shared: Promise<Browser> | undefined

/** The browser of this test process. Tests share it and keep apart by contexts of their own. */
export function sharedChromium(): Promise<Browser> {
  shared ??= start()
  return shared
}

async function start(): Promise<Browser> {
  const browser = await launchChromium()
  t.teardown(() => browser.close())
  return browser
}

/**
 * The Chromium of `@sparticuz/chromium`, which brings its own libraries: the machine needs none. Unpacked
 * into a folder of this process, so that no run finds half of another's.
 * @param names further names of this machine, as a foreign site's that was rebound to it.
 */
export async function launchChromium({
  names = [],
}: { readonly names?: string[] } = {}): Promise<Browser> {
  const folder = temporaryFolder()
  const { executablePath, environment } = await unpack(folder)
  const { chromium } = await import('playwright-core')
  return chromium.launch({
    executablePath,
    env: { ...environment, HOME: folder, TMPDIR: folder },
    // Containers run tests as root, for whom Chromium's sandbox does not work.
    args: [
      ...['--no-sandbox', '--font-render-hinting=none', ...QUIET],
      `--host-resolver-rules=${resolverRules(names)}`,
    ],
  })
}

/** The package unpacks its libraries on Lambda alone, and into the folder for temporary files. */
async function unpack(folder: string) {
  const own = { TMPDIR: folder, AWS_LAMBDA_JS_RUNTIME: 'nodejs22.x' }
  const before = Object.keys({ ...own, LD_LIBRARY_PATH: '', FONTCONFIG_PATH: '' }).map(
    (name) => [name, process.env[name]] as const,
  )
  Object.assign(process.env, own)
  try {
    const { default: packed } = await import('@sparticuz/chromium')
    const executablePath = await packed.executablePath()
    return { executablePath, environment: librariesIn(folder) }
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name)
      else process.env[name] = value
    }
  }
}

const librariesIn = (folder: string) => ({
  LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
  FONTCONFIG_FILE: fontsIn(folder),
})

/** The package's own configuration looks for its fonts in `/tmp/fonts`, and a page without any font crashes. */
function fontsIn(folder: string): string {
  const path = join(folder, 'fonts.conf')
  const dirs = `<dir>${join(folder, 'fonts')}</dir><cachedir>${join(folder, 'fonts-cache')}</cachedir>`
  writeFileSync(path, `<?xml version="1.0"?><fontconfig>${dirs}</fontconfig>\n`)
  return path
}
