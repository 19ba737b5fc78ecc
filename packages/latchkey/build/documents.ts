import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'

/** Documents of the repository that people who use the package read; its README is its own. */
const DOCUMENTS = ['CHANGELOG.md', 'SECURITY.md', 'docs/relying-parties.md', 'docs/upgrade.md']

/** Copies the documents and the license. A link to a file that the package does not have becomes its text. */
export function copyDocuments(from: string, to: string): void {
  cpSync(join(from, 'LICENSE'), join(to, 'LICENSE'))
  for (const name of DOCUMENTS) {
    const text = readFileSync(join(from, name), 'utf8')
    mkdirSync(dirname(join(to, name)), { recursive: true })
    writeFileSync(join(to, name), withoutLostLinks(text, posix.dirname(name)))
  }
}

function withoutLostLinks(text: string, folder: string): string {
  return text.replaceAll(/\[([^\]]*)\]\(([^)\s]+)\)/g, (link, label: string, target: string) => {
    const [path = ''] = target.split('#')
    const isKept =
      path === '' ||
      /^https?:/.test(path) ||
      DOCUMENTS.includes(posix.normalize(posix.join(folder, path)))
    return isKept ? link : label
  })
}
