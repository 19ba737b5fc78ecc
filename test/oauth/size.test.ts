import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import ts from 'typescript'

const SOURCES = join(import.meta.dirname, '../../src')

/**
 * What the OpenID Provider is made of: authorize, PAR, the exchange of codes and refresh tokens, ID tokens, userinfo,
 * consent and logout. Every file of these folders counts that is not named below, so that a new one does, too.
 */
const FOLDERS = ['oauth', 'pages/consent', 'pages/app-logout']

/** What is of something else, and why. */
const OTHERS: Readonly<Record<string, string>> = {
  'oauth/clients/': 'the apps themselves: registered, changed, suspended, removed',
  'oauth/client-documents/': 'apps that are known by a document',
  'oauth/app-authentication.ts': 'how an app proves to be itself, at every endpoint',
  'oauth/credentials.ts': 'the same, and how keys do',
  'oauth/client-authentication.ts': 'how keys do',
  'oauth/client-credentials.ts': 'tokens of machines',
  'oauth/token-sources.ts': 'what introspection and revocation look into, keys above all',
  'oauth/introspect.ts': 'introspection',
  'oauth/proven-clients.ts': 'introspection',
  'oauth/revoke.ts': 'revocation',
  'oauth/presented-tokens.ts': 'introspection and revocation',
  'oauth/routes.ts':
    'the routes of machines; apps share `/oauth/token`, which hands their requests on',
  'oauth/services.ts': 'what those routes need',
  'oauth/schemas.ts': 'what those routes take and answer',
  'oauth/errors.ts': 'errors of OAuth, whichever endpoint they come from',
  'oauth/discovery.ts': 'what is told of the service, and its keys',
  'pages/consent/view.tsx': 'markup; the handlers beside it, which decide, count',
  'pages/app-logout/view.tsx': 'markup likewise',
}

const isOfOthers = (file: string): boolean =>
  Object.keys(OTHERS).some((name) => file === name || (name.endsWith('/') && file.startsWith(name)))

const files = FOLDERS.flatMap((folder) =>
  readdirSync(join(SOURCES, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => `${folder}/${name}`),
)

/** Lines that have a token of the language on them: neither comments nor blank lines do. */
function linesOfCode(file: string): number {
  const text = readFileSync(join(SOURCES, file), 'utf8')
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const lines = new Set<number>()
  const lineAt = (position: number) => source.getLineAndCharacterOfPosition(position).line
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) return
    const children = node.getChildren(source)
    children.forEach(visit)
    if (children.length > 0 || node.getText(source).trim() === '') return
    // A template may go on for several lines.
    for (let at = lineAt(node.getStart(source)); at <= lineAt(node.getEnd()); at += 1) lines.add(at)
  }
  visit(source)
  return lines.size
}

t.test('the OAuth provider has at most 1,500 lines of code', async (t) => {
  const counted = files.filter((file) => !isOfOthers(file))
  const counts = counted.map((file): [string, number] => [file, linesOfCode(file)])
  const lines = counts.reduce((sum, [, count]) => sum + count, 0)
  t.ok(lines <= 1500, `${lines} lines`, { counts: Object.fromEntries(counts) })
})

t.test('the OAuth files that do not count as the provider are there', async (t) => {
  for (const name of Object.keys(OTHERS)) {
    t.ok(
      files.some((file) => file.startsWith(name)),
      name,
    )
  }
})
