import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import * as Type from 'typebox'
import { callerOf } from '../http/caller.js'
import { problems } from '../http/openapi/problems.js'
import type { Late } from '../lib/late.js'
import { DeviceParams, DevicesAnswer } from './schemas.js'
import type { ListedDevice, TrustedDevices } from './trusted-devices.js'

export interface DeviceRoutesOptions {
  readonly trustedDevices: Late<TrustedDevices>
}

/** A person's own devices, which need no second factor for a while. */
const deviceRoutes: FastifyPluginAsyncTypebox<DeviceRoutesOptions> = async (
  app,
  { trustedDevices },
) => {
  app.get(
    '/api/auth/devices',
    {
      config: { rateLimit: {}, ids: { pointer: '/devices/0/id', of: '/api/auth/devices/:id' } },
      onRequest: app.requireSession(),
      schema: {
        tags: ['Second factors'],
        summary: 'List the devices that I trust',
        description: 'Browsers in which a sign-in needs no second factor for a while.',
        response: { 200: DevicesAnswer, ...problems(401, 403, 429, 503) },
      },
    },
    async (request) => {
      const devices = await trustedDevices.list(callerOf(request), request.session.account)
      return { devices: devices.map(present) }
    },
  )

  app.delete(
    '/api/auth/devices/:id',
    {
      config: { rateLimit: {} },
      onRequest: app.requireSession(),
      schema: {
        tags: ['Second factors'],
        summary: 'End the trust in one of my devices',
        description: 'The next sign-in there needs a second factor. Its sessions go on.',
        params: DeviceParams,
        response: { 204: Type.Null(), ...problems(400, 401, 403, 404, 429, 503) },
      },
    },
    async (request, reply) => {
      const { session, params } = request
      const cookie = await trustedDevices.end(callerOf(request), session.account, params.id)
      if (cookie !== undefined) reply.dropCookie(cookie)
      return reply.code(204).send(null)
    },
  )
}

export default deviceRoutes

const present = ({ id, isCurrent, addedAt, expiresAt, userAgent, ip }: ListedDevice) => ({
  id,
  current: isCurrent,
  addedAt: new Date(addedAt).toISOString(),
  expiresAt: new Date(expiresAt).toISOString(),
  userAgent: userAgent ?? null,
  ip,
})
