import assert from 'node:assert/strict'
import { decodeProtectedHeader } from 'jose'
import { must, type Rehearsal, SETTINGS } from '../rehearsal.js'
import { adminCommandsOf } from '../runbook.js'

const SECTION = 'A signing key is compromised'

/** By the words of the runbook: old tokens end at once, API keys go on, and the spare key signs. */
export async function replaceKeys(rehearsal: Rehearsal): Promise<void> {
  const moment = new Date().toISOString().replace(/\.\d+/, '')
  const person = await rehearsal.newPerson()
  const { token, refreshToken } = person
  const body = { name: 'Rehearsal', scopes: ['data:read'] }
  const made = await rehearsal.call('/api/apikeys/generate', { token, body })
  must(made, 201)
  const { apiKey, key } = made.body as { apiKey: string; key: { id: string } }
  const compromised = kidOf(token)
  const spares = (await kids(rehearsal)).filter((kid) => kid !== compromised)

  const [replace = [], list = [], ...others] = adminCommandsOf(SECTION, moment)
  assert.deepEqual(others, [], 'the section has these two commands')
  const replaced = await rehearsal.admin(...replace)
  assert.equal(replaced.code, 0, replaced.output)
  assert.match(replaced.output, /get-authorizers/, 'it says which authorizers to replace')
  const listed = await rehearsal.admin(...list)
  assert.equal(listed.code, 0, listed.output)
  assert.ok(listed.output.includes(`{"made":"key","userId":"${person.id}"`), listed.output)
  assert.ok(listed.output.includes(key.id), 'the key that was made since')
  // “At once when its functions are deployed again.”
  const [changed, usual] = await rehearsal.synthesize(
    { settings: { ...SETTINGS, logLevel: 'debug' } },
    { settings: SETTINGS },
  )
  await rehearsal.cdk.deploy(changed as string, 'Latchkey')

  must(await rehearsal.call('/api/profile', { token }), 401)
  must(await rehearsal.call('/api/auth/refresh', { body: { refreshToken } }), 401)
  must(await rehearsal.call('/api/data', { headers: { 'x-api-key': apiKey } }), 200)
  const { token: fresh } = await rehearsal.signIn(person)
  must(await rehearsal.call('/api/profile', { token: fresh }), 200)
  assert.ok(spares.includes(kidOf(fresh)), 'every verifier knew the new key before')
  assert.ok(!(await kids(rehearsal)).includes(compromised), 'the old key is not published')

  await rehearsal.cdk.deploy(usual as string, 'Latchkey')
}

const kidOf = (token: string): string => decodeProtectedHeader(token).kid ?? ''

async function kids(rehearsal: Rehearsal): Promise<string[]> {
  const answer = await rehearsal.call('/.well-known/jwks.json')
  must(answer, 200)
  return (answer.body as { keys: { kid: string }[] }).keys.map(({ kid }) => kid)
}
