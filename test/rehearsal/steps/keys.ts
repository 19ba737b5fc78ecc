import assert from 'node:assert/strict'
import { must, type Rehearsal } from '../rehearsal.js'

/** The function that looks after the keys runs as its schedule runs it, and takes no key that is good. */
export async function keys(rehearsal: Rehearsal): Promise<void> {
  const { token } = await rehearsal.newPerson()
  const before = await kids(rehearsal)
  await rehearsal.invoke('ServiceRotationFunction', {})
  const after = await kids(rehearsal)
  for (const kid of before) assert.ok(after.includes(kid), `${kid} is gone`)
  must(await rehearsal.call('/api/profile', { token }), 200)
}

async function kids(rehearsal: Rehearsal): Promise<string[]> {
  const { body } = await rehearsal.call('/.well-known/jwks.json')
  return (body as { keys: { kid: string }[] }).keys.map(({ kid }) => kid)
}
