import assert from 'node:assert/strict'
import { must, type Rehearsal } from '../rehearsal.js'

/** A person signs up, proves the address by mail, signs in, refreshes and signs out. */
export async function people(rehearsal: Rehearsal): Promise<void> {
  const { email, token, refreshToken } = await rehearsal.newPerson()
  const profile = await rehearsal.call('/api/profile', { token })
  assert.equal(profile.body.user.email, email)
  const refreshed = await rehearsal.call('/api/auth/refresh', { body: { refreshToken } })
  must(refreshed, 200)
  const { accessToken } = refreshed.body as { accessToken: string }
  must(await rehearsal.call('/api/auth/logout', { method: 'POST', token: accessToken }), 200)
  const wrong = { email, password: 'not the password of this person' }
  must(await rehearsal.call('/api/auth/login', { body: wrong }), 401)
}
