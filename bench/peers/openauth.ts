import { getRequestListener } from '@hono/node-server'
import { createClient } from '@openauthjs/openauth/client'
import { issuer } from '@openauthjs/openauth'
import { MemoryStorage } from '@openauthjs/openauth/storage/memory'
import { createSubjects } from '@openauthjs/openauth/subject'
import { Hono } from 'hono'
import { object, string } from 'valibot'
import { bearerCall, refreshCall } from '../support/calls.js'
import { listenWith } from '../support/listen.js'
import type { Scene } from '../support/peer.js'
import { USERS } from '../support/users.js'

const ISSUER = 'http://127.0.0.1'
const subjects = createSubjects({ user: object({ userID: string() }) })

/**
 * https://openauth.js.org/docs/issuer, on https://openauth.js.org/docs/storage/memory. Its tokens are ES256. People sign in by a
 * provider of the bench, which believes what the client says.
 */
function open() {
  return issuer({
    subjects,
    storage: MemoryStorage(),
    providers: {
      bench: {
        type: 'bench',
        init: () => undefined,
        client: async ({ clientID }: { clientID: string }) => ({ userID: clientID }),
      },
    },
    success: async (context, { userID }: { userID: string }) => context.subject('user', { userID }),
  })
}

async function signIn(app: ReturnType<typeof open>, client_id: string) {
  const answer = await app.request(`${ISSUER}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      provider: 'bench',
      client_id,
      client_secret: 'bench',
    }),
  })
  return (await answer.json()) as { access_token: string; refresh_token: string }
}

/** https://openauth.js.org/docs/client: an API verifies tokens by the client. */
export async function protectedRoute(): Promise<Scene> {
  const issuing = open()
  const fetch = async (input: string, init?: RequestInit) => issuing.request(input, init)
  const client = createClient({ clientID: 'bench', issuer: ISSUER, fetch })
  const app = new Hono()
  app.get('/api/protected', async (c) => {
    const token = c.req.header('authorization')?.slice('Bearer '.length) ?? ''
    const verified = await client.verify(subjects, token)
    if (verified.err) return c.json({ error: 'Unauthorized' }, 401)
    return c.json({ userId: verified.subject.properties.userID })
  })
  const calls = []
  for (const { id } of USERS) {
    const { access_token } = await signIn(issuing, id)
    calls.push(bearerCall('/api/protected', access_token, id))
  }
  return { port: await listenWith(getRequestListener(app.fetch)), calls }
}

export async function refresh(): Promise<Scene> {
  const app = open()
  const calls = []
  for (const { id } of USERS) {
    const { refresh_token } = await signIn(app, id)
    calls.push(refreshCall('/token', refresh_token, { client_id: id }))
  }
  const port = await listenWith(getRequestListener(app.fetch))
  return { port, calls, refusal: 400, successor: 'refresh_token' }
}
