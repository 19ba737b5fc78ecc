import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import type { TableSettings } from '../../../infra/settings/latchkey-settings.js'
import { must, type Person, type Rehearsal, SETTINGS } from '../rehearsal.js'
import { adminCommandsOf } from '../runbook.js'

const SECTION = 'Restore tables to an earlier moment'

/**
 * By the words of the runbook: nothing that was refused before a restore is accepted after it. The emulator copies a
 * table as it is and not as it was, so that the copies are made at the moment itself, and the rest happens after.
 */
export async function restore(rehearsal: Rehearsal): Promise<void> {
  const [ada, bob] = [await rehearsal.newPerson(), await rehearsal.newPerson()]
  const [deleted, kept] = [await newKey(rehearsal, ada), await newKey(rehearsal, ada)]
  const moment = await nextSecond()
  const [copy, afterwards, ...others] = adminCommandsOf(SECTION, moment)
  assert.deepEqual(others, [], 'the section has these two commands')
  const { code, output } = await rehearsal.admin(...(copy ?? []))
  assert.equal(code, 0, output)
  const tables = tablesOf(output)

  must(
    await rehearsal.call(`/api/apikeys/${deleted.id}`, { token: ada.token, method: 'DELETE' }),
    204,
  )
  assert.equal((await rehearsal.admin('disable', bob.id)).code, 0)
  const carol = await rehearsal.newPerson()

  const [closed, open, usual] = await rehearsal.synthesize(
    { settings: { ...SETTINGS, closed: true } },
    { settings: { ...SETTINGS, tables } },
    { settings: SETTINGS },
  )
  await rehearsal.cdk.deploy(closed as string)
  const refused = await rehearsal.call('/api/profile', { token: ada.token })
  must(refused, 503)
  assert.equal(refused.headers['retry-after'], '60')
  must(await rehearsal.call('/.well-known/jwks.json'), 200)

  const done = await rehearsal.adminWith({ env: variablesOf(output) }, ...(afterwards ?? []))
  assert.equal(done.code, 0, done.output)
  await rehearsal.cdk.deploy(open as string)

  must(await rehearsal.call('/api/data', { headers: { 'x-api-key': deleted.secret } }), 401)
  must(await rehearsal.call('/api/data', { headers: { 'x-api-key': kept.secret } }), 200)
  const { refreshToken } = ada
  must(await rehearsal.call('/api/auth/refresh', { body: { refreshToken } }), 401)
  await rehearsal.signIn(ada)
  await assert.rejects(rehearsal.signIn(bob), 'disabled since')
  await assert.rejects(rehearsal.signIn(carol), 'not there at the moment')
  const check = await rehearsal.admin('tables', 'adopt', '--check')
  assert.equal(check.code, 0, check.output)

  // The tables that the stack makes then are new ones.
  await rehearsal.cdk.deploy(usual as string)
  await rehearsal.newPerson()
}

async function newKey(rehearsal: Rehearsal, { token }: Person) {
  const body = { name: 'Rehearsal', scopes: ['data:read'] }
  const made = await rehearsal.call('/api/apikeys/generate', { token, body })
  must(made, 201)
  const { apiKey, key } = made.body as { apiKey: string; key: { id: string } }
  return { id: key.id, secret: apiKey }
}

/** A full second that has passed, and that what was done before is older than. */
async function nextSecond(): Promise<string> {
  const second = Math.ceil(Date.now() / 1000) * 1000
  await wait(second + 1 - Date.now())
  return new Date(second).toISOString().replace('.000', '')
}

/** What the command says to put into latchkey.json. */
function tablesOf(output: string): TableSettings {
  const [, json = ''] = /^"tables": (\{[^}]*\})/m.exec(output) ?? []
  return JSON.parse(json) as TableSettings
}

/** What the command says to paste. */
const variablesOf = (output: string): Record<string, string> =>
  Object.fromEntries(
    [...output.matchAll(/^export (\w+)=(.+)$/gm)].map(([, name = '', value = '']) => [name, value]),
  )
