import assert from 'node:assert/strict'
import { must, type Rehearsal } from '../rehearsal.js'

/** A deployment of what is there changes nothing. */
export async function sameAgain(rehearsal: Rehearsal): Promise<void> {
  const said = await rehearsal.cdk.deploy(await rehearsal.assembly('default'))
  assert.equal(said.match(/\(no changes\)/g)?.length, 2, said)
}

/** A changed setting is deployed in place: the address, the sessions and the tables stay. */
export async function settingChanged(rehearsal: Rehearsal): Promise<void> {
  const { token } = await rehearsal.newPerson()
  await rehearsal.cdk.deploy(await rehearsal.assembly('changed'), 'Latchkey')
  assert.equal(await rehearsal.output('Latchkey', 'Issuer'), rehearsal.issuer)
  assert.equal((await rehearsal.variables('ServiceApp')).LOG_LEVEL, 'warn')
  must(await rehearsal.call('/api/profile', { token }), 200)
}

/** A deployment that can't work is rolled back, and the service goes on as it was. */
export async function rolledBack(rehearsal: Rehearsal): Promise<void> {
  const person = await rehearsal.newPerson()
  const before = await rehearsal.variables('ServiceApp')
  await rehearsal.cdk.deployInVain(await rehearsal.assembly('mistaken'), 'Latchkey')
  assert.equal(await rehearsal.statusOf('Latchkey'), 'UPDATE_ROLLBACK_COMPLETE')
  assert.deepEqual(await rehearsal.variables('ServiceApp'), before)
  await rehearsal.signIn(person)
}

/** The functions go and come back, at another address; what people have stays. */
export async function removedAndBack(rehearsal: Rehearsal): Promise<void> {
  const person = await rehearsal.newPerson()
  const before = rehearsal.issuer
  const assembly = await rehearsal.assembly('default')
  await rehearsal.cdk.destroy(assembly, 'Latchkey')
  await rehearsal.cdk.deploy(assembly, 'Latchkey')
  await rehearsal.findIssuer()
  assert.notEqual(rehearsal.issuer, before)
  const { token } = await rehearsal.signIn(person)
  const profile = await rehearsal.call('/api/profile', { token })
  must(profile, 200)
  assert.equal((profile.body as { user: { id: string } }).user.id, person.id)
}
