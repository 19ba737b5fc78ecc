import fp from 'fastify-plugin'
import { report } from '../events/report.js'
import { isNavigation } from '../http/navigation.js'
import { Problem, type ProblemType } from '../http/problem.js'
import { isLoopback } from '../lib/secure-url.js'
import { hostCheck, hostsOf, loopbackHosts } from './hosts.js'

const MISDIRECTED: ProblemType = {
  status: 421,
  code: 'MISDIRECTED_REQUEST',
  title: 'The request is for another host',
}

export interface OwnOriginOptions {
  /** The service's own origin. */
  readonly issuer: string
  /** Where the server listens. */
  readonly port: number
}

/**
 * Refuses requests by a foreign name, so that no page of another site becomes one of this origin by DNS
 * rebinding. A page that is opened by another name of this machine is redirected to the issuer's, where its
 * forms and cookies work; programs stay where they are.
 */
export const ownOrigin = ({ issuer, port }: OwnOriginOptions) =>
  fp(
    async function ownOrigin(app) {
      const { origin, protocol, hostname, port: ownPort } = new URL(issuer)
      const issuerPort = Number(ownPort) || (protocol === 'https:' ? 443 : 80)
      const own = `${hostname}:${issuerPort}`
      const others = isLoopback(hostname)
        ? loopbackHosts(issuerPort).filter((host) => host !== own)
        : []
      // Behind a proxy that speaks TLS the port is left out, and is not 80.
      const behindTls = protocol === 'https:' ? [`${hostname}:80`] : []
      const isOwn = hostCheck([own, ...behindTls, ...others, ...loopbackHosts(port)])
      app.addHook('onRequest', async (request, reply) => {
        if (!isOwn(request.raw)) {
          report(request.log, 'malicious_host', { route: request.routeOptions.url })
          throw new Problem(MISDIRECTED, { detail: `Send requests to ${origin}.` })
        }
        const isByAnother = hostsOf(request.raw).some((host) => others.includes(host))
        if (!isByAnother || !isNavigation(request) || !request.url.startsWith('/')) return undefined
        return reply.redirect(origin + request.url, 303)
      })
    },
    { name: 'own-origin', fastify: '5.x' },
  )
