import type { Test } from 'tap'
import { type Route, withRoutes } from '../routes.js'
import { describedService } from '../described-service.js'
import { optionalRoutes } from '../optional-routes.js'
import { ACCOUNT_DEEDS } from './account-deeds.js'
import { ADMIN_DEEDS } from './admin-deeds.js'
import { MACHINE_DEEDS } from './machine-deeds.js'
import { PAGE_DEEDS } from './page-deeds.js'
import { LOSSES } from './faults.js'
import { type Deed, sweep } from './sweep.js'
import { World } from './world.js'

/** A deed for each route, or several of them, each named by the route and what is done. */
export const DEEDS = { ...ACCOUNT_DEEDS, ...ADMIN_DEEDS, ...MACHINE_DEEDS, ...PAGE_DEEDS }

/** HEAD is answered as GET is; helmet's own route is of an app that is there for its headers. */
const isCovered = ({ method, file = '' }: Route): boolean =>
  method !== 'HEAD' && !file.startsWith('http/')

/** Every route of the service, by its method and path. */
export async function routeNames(): Promise<string[]> {
  const { app, routes } = await withRoutes(() => describedService(optionalRoutes()))
  await app.close()
  const names = routes.filter(isCovered).map(({ method, url }) => `${method} ${url}`)
  return [...new Set(names)].sort()
}

/** The route of a deed. */
export const routeOf = (name: string): string => name.split(' ').slice(0, 2).join(' ')

/** Sweeps over some of them in turn. */
export async function sweepAll(t: Test, deeds: Readonly<Record<string, Deed>>): Promise<void> {
  const world = await World.start(t)
  for (const [name, deed] of Object.entries(deeds)) {
    t.test(name, (t) => sweep(t, world, name, { deed, faults: LOSSES }))
  }
}
