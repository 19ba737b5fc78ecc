import assert from 'node:assert/strict'
import { must, type Rehearsal } from '../rehearsal.js'

/** The command line finds the deployed tables by itself, and works on them. */
export async function admin(rehearsal: Rehearsal): Promise<void> {
  const person = await rehearsal.newPerson()
  const shown = await rehearsal.admin('show', person.email)
  assert.equal(shown.code, 0, shown.output)
  assert.equal((JSON.parse(shown.out) as { id: string }).id, person.id)
  const promoted = await rehearsal.admin('--stack', 'Latchkey', 'promote', person.email)
  assert.equal(promoted.code, 0, promoted.output)
  const { token } = await rehearsal.signIn(person)
  must(await rehearsal.call('/api/admin', { token }), 200)
  const elsewhere = await rehearsal.admin('--stack', 'Elsewhere', 'show', person.email)
  assert.equal(elsewhere.code, 1)
  assert.match(elsewhere.output, /^There is no stack Elsewhere/)
}
