import { must, type Rehearsal } from '../rehearsal.js'

/** A person makes an API key, which works at once and stops when it is deleted. */
export async function apiKeys(rehearsal: Rehearsal): Promise<void> {
  const { token } = await rehearsal.newPerson()
  const body = { name: 'Rehearsal', scopes: ['data:read'] }
  const made = await rehearsal.call('/api/apikeys/generate', { token, body })
  must(made, 201)
  const { apiKey, key } = made.body as { apiKey: string; key: { id: string } }
  const withKey = { headers: { 'x-api-key': apiKey } }
  must(await rehearsal.call('/api/data', withKey), 200)
  must(await rehearsal.call('/api/data', { headers: { 'x-api-key': `${apiKey}x` } }), 401)
  must(await rehearsal.call(`/api/apikeys/${key.id}`, { token, method: 'DELETE' }), 204)
}
