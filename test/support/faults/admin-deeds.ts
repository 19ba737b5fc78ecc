import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { newAccount } from '../service.js'
import { addTotp, linkIdentity } from './account-deeds.js'
import type { Deed } from './sweep.js'
import { expectStatus, type World } from './world.js'

const USERS = '/api/admin/users'
const CLIENTS = '/api/admin/clients'
const APP = { name: 'Orders', redirectUris: ['https://orders.example.com/callback'] }

const asking =
  (method: string, path: string, body?: object): Deed =>
  async (world) => {
    const admin = await world.admin()
    return () => admin.call(method, path, body)
  }

/** Something about another person. */
const about =
  (method: string, path: string, body?: object): Deed =>
  async (world) => {
    const admin = await world.admin()
    const { account } = await world.signedIn()
    return () => admin.call(method, `${USERS}/${account.id}${path}`, body)
  }

/** Something about the second factors of another person, whose removal has begun. */
const removing =
  (method: string, path: string, isBegun = true): Deed =>
  async (world) => {
    const admin = await world.admin()
    const person = await world.signedIn()
    await addTotp(world, person)
    const removal = `${USERS}/${person.account.id}/factors-removal`
    if (isBegun) expectStatus(200, await admin.post(removal))
    if (isBegun) world.service.clock.advance(86_400_000)
    const by = isBegun ? await world.admin() : admin
    return () => by.call(method, `${removal}${path}`)
  }

const ofClient =
  (method: string, path: string, body?: object): Deed =>
  async (world) => {
    const admin = await world.admin()
    const made = expectStatus(201, await admin.post(CLIENTS, APP))
    return () => admin.call(method, `${CLIENTS}/${made.body.client.id}${path}`, body)
  }

const ofInvitation =
  (path: string): Deed =>
  async (world) => {
    const admin = await world.admin()
    const { email } = newAccount()
    expectStatus(201, await admin.post(`${USERS}/invite`, { email }))
    world.service.clock.advance(1000)
    return () => admin.post(`/api/admin/invitations/${path}`, { email })
  }

/** What administrators do, as programs ask for it. */
export const ADMIN_DEEDS: Readonly<Record<string, Deed>> = {
  'GET /api/admin': asking('GET', '/api/admin'),
  'GET /api/admin/users': asking('GET', USERS),
  'POST /api/admin/users/search': asking('POST', `${USERS}/search`, { query: 'user' }),
  'POST /api/admin/users/find': async (world) => {
    const admin = await world.admin()
    const { account } = await world.member()
    return () => admin.post(`${USERS}/find`, { email: account.email })
  },
  'GET /api/admin/users/:id': about('GET', ''),
  'PATCH /api/admin/users/:id': about('PATCH', '', { status: 'disabled' }),
  'PATCH /api/admin/users/:id of a role': about('PATCH', '', { role: 'admin' }),
  'GET /api/admin/users/:id/sessions': about('GET', '/sessions'),
  'GET /api/admin/users/:id/events': about('GET', '/events'),
  'GET /api/admin/users/:id/keys': about('GET', '/keys'),
  'DELETE /api/admin/users/:id': about('DELETE', ''),
  'DELETE /api/admin/users/:id/sessions': about('DELETE', '/sessions'),
  'POST /api/admin/users/:id/password-reset': about('POST', '/password-reset'),
  'POST /api/admin/users/:id/verify-address': async (world) => {
    const admin = await world.admin()
    const { account } = await world.member({ isProved: false })
    return () => admin.post(`${USERS}/${account.id}/verify-address`)
  },
  'POST /api/admin/users/:id/release-address': about('POST', '/release-address'),
  'PATCH /api/admin/users/:id/identities/:identityId': async (world) => {
    const admin = await world.admin()
    const person = await world.signedIn()
    const identity = await linkIdentity(world, person)
    const [currentPassword, newPassword] = [person.account.password, newAccount().password]
    expectStatus(204, await person.post('/api/auth/password', { currentPassword, newPassword }))
    const path = `${USERS}/${person.account.id}/identities/${identity}`
    return () => admin.call('PATCH', path, { status: 'active' })
  },
  'POST /api/admin/users/:id/factors-removal': removing('POST', '', false),
  'POST /api/admin/users/:id/factors-removal/confirm': removing('POST', '/confirm'),
  'DELETE /api/admin/users/:id/factors-removal': removing('DELETE', ''),
  'POST /api/admin/users/:id/factors/unlock': async (world) => {
    const admin = await world.admin()
    const person = await world.signedIn()
    await addTotp(world, person)
    await lockTotp(world, person.account.id)
    return () => admin.post(`${USERS}/${person.account.id}/factors/unlock`)
  },
  'POST /api/admin/users/invite': async (world) => {
    const admin = await world.admin()
    const { email } = newAccount()
    return () => admin.post(`${USERS}/invite`, { email })
  },
  'GET /api/admin/invitations': asking('GET', '/api/admin/invitations'),
  'POST /api/admin/invitations/resend': ofInvitation('resend'),
  'POST /api/admin/invitations/withdraw': ofInvitation('withdraw'),
  'POST /api/admin/clients': asking('POST', CLIENTS, APP),
  'GET /api/admin/clients/:id': ofClient('GET', ''),
  'PATCH /api/admin/clients/:id': ofClient('PATCH', '', { name: 'Bills' }),
  'POST /api/admin/clients/:id/secret': ofClient('POST', '/secret'),
  'DELETE /api/admin/clients/:id': ofClient('DELETE', ''),
}

/** Lets a hundred codes in a row have been wrong. */
export async function lockTotp({ service }: World, id: string): Promise<void> {
  await DynamoDBDocumentClient.from(service.client).send(
    new UpdateCommand({
      TableName: service.config.tables.users,
      Key: { pk: `USER#${id}` },
      UpdateExpression: 'SET totp.failures = :all',
      ExpressionAttributeValues: { ':all': 100 },
    }),
  )
}
