import { describedService } from './described-service.js'
import { withParts } from './documents.js'
import { optionalRoutes } from './optional-routes.js'
import { type Route, withRoutes } from './routes.js'

export const CONTRIBUTING = 'CONTRIBUTING.md'

/** It starts an app of its own to see which headers helmet sets. */
const PROBE = 'http/helmet-headers.ts'

/** `CONTRIBUTING.md`, with its table of routes as the service registers them. */
export async function contributingDocument(): Promise<string> {
  const { app, routes } = await withRoutes(() => describedService(optionalRoutes()))
  await app.close()
  const named = routes
    .filter(({ file }) => file !== PROBE)
    .map((route) => ({ ...route, url: route.url.replace('/acme', '/:provider') }))
  return withParts(CONTRIBUTING, { routes: tableOf(named) })
}

const folderOf = ({ file = '' }: Route): string => file.split('/').slice(0, -1).join('/')

/** The segments of a path below `/`, each with its slash. */
const segmentsOf = (url: string): string[] => url.match(/\/[^/]*/g) ?? []

function tableOf(routes: readonly Route[]): string {
  const rows = rowsBelow('', routes).map(([url, folder]) => `| \`${url}\` | \`src/${folder}\` |`)
  return ['| URL | folder |', '|---|---|', ...rows].join('\n')
}

/** The shortest prefixes below which all routes are in one folder. A route is named whole where it is alone. */
function rowsBelow(prefix: string, routes: readonly Route[]): [url: string, folder: string][] {
  const folders = new Set(routes.map(folderOf))
  const urls = [...new Set(routes.map(({ url }) => url))]
  const [url = '', ...others] = urls
  const [folder = ''] = folders
  if (folders.size === 1 && others.length === 0) return [[url, folder]]
  if (folders.size === 1 && prefix !== '') return [[`${prefix}/…`, folder]]
  const depth = segmentsOf(prefix).length
  const nexts = new Set(
    routes.map((route) =>
      segmentsOf(route.url)
        .slice(0, depth + 1)
        .join(''),
    ),
  )
  if (nexts.size === 1 && nexts.has(prefix)) return [...folders].map((each) => [prefix, each])
  return [...nexts].sort().flatMap((next) => {
    const below = routes.filter(
      (route) =>
        segmentsOf(route.url)
          .slice(0, depth + 1)
          .join('') === next,
    )
    return rowsBelow(next, below)
  })
}
