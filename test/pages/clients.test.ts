import t, { type Test } from 'tap'
import { authenticateApp } from '../../src/oauth/app-authentication.js'
import { de } from '../../src/pages/texts/de.js'
import { en } from '../../src/pages/texts/en.js'
import { basicOf } from '../support/apps.js'
import { HOUR, MINUTE } from '../support/clock.js'
import { newAdmin } from '../support/keys.js'
import { complaints, jarOf, submit } from '../support/pages.js'
import { BILLING, ORDERS, RESOURCES } from '../support/resources.js'
import { type Account, type Answer, type Service, startService } from '../support/service.js'
import { recordSecret } from '../support/transcript.js'

const PATH = '/dashboard/apps'
const CALLBACK = 'https://orders.example.com/callback'
const DECLARED = 'app_AAAAAAAAAAAAAAAAAAAAAA'
const CLIENTS = JSON.stringify({
  [DECLARED]: { name: 'Billing', redirectUris: [CALLBACK], public: true },
})
const FORM = { name: 'Orders', redirectUris: CALLBACK }

const enter = async (service: Service, { email, password }: Account) =>
  jarOf(await submit(service, '/login', { email, password }))

/** An administrator at the pages. */
async function start(t: Test) {
  const service = await startService(t, { env: { RESOURCES, CLIENTS } })
  const admin = await newAdmin(service)
  const cookies = await enter(service, admin.account)
  return {
    service,
    admin,
    cookies,
    show: (path = '', headers = {}) => service.get(PATH + path, { cookies, headers }),
    post: (path = '', fields: Record<string, string | readonly string[]> = {}) =>
      submit(service, PATH + path, fields, { cookies }),
    register: async (fields: Record<string, string | readonly string[]> = {}) => {
      const answer = await submit(service, PATH, { ...FORM, ...fields }, { cookies })
      return { answer, ...shownIn(answer) }
    },
  }
}

/** The app of a page, and the secret that the page shows. */
function shownIn({ text }: Answer) {
  const secret = /lkcs_[\w-]+/.exec(text)?.[0] ?? ''
  recordSecret('client-secret', secret)
  return { id: /app_[\w-]{22}/.exec(text)?.[0] ?? '', secret }
}

async function isGood({ app, clock, services }: Service, id: string, secret: string) {
  const request = { headers: { authorization: basicOf(id, secret) }, log: app.log }
  return authenticateApp(request, {}, { clients: services.clients, clock }).then(
    () => true,
    () => false,
  )
}

t.test('administrators register apps on the page of clients', async (t) => {
  const { service, admin, show, post, register } = await start(t)
  t.match((await show()).text, 'Billing')
  t.match((await show('', { 'accept-language': 'de' })).text, de['clients.title'])

  const made = await register({ postLogoutRedirectUris: 'https://orders.example.com/' })
  t.match(made.answer, { status: 201, headers: { 'cache-control': 'no-store' } })
  t.match(made.answer.text, `data-path="${PATH}/${made.id}"`)
  t.ok(await isGood(service, made.id, made.secret))
  t.match(service.events('client_registered').at(-1), { userId: admin.id, clientId: made.id })
  const page = await show(`/${made.id}`)
  t.match(page.text, CALLBACK)
  t.notMatch(page.text, 'lkcs_', 'which shows the secret no more')
  t.match((await show()).text, `href="${PATH}/${made.id}"`)

  const open = await post('', {
    ...FORM,
    name: 'Phone',
    redirectUris: ' com.example.app:/cb\r\n\r\nhttp://127.0.0.1/cb\r\nhttp://127.0.0.1/cb ',
    public: 'on',
    firstParty: 'on',
    resources: [ORDERS],
  })
  t.equal(open.status, 303)
  const location = String(open.headers.location)
  t.match(location, /^\/dashboard\/apps\/app_[\w-]{22}\?done=CLIENT_REGISTERED$/)
  const id = shownIn({ ...open, text: location }).id
  t.match(await service.services.clients.find(id), {
    redirectUris: ['com.example.app:/cb', 'http://127.0.0.1/cb'],
    postLogoutRedirectUris: [],
    isPublic: true,
    isFirstParty: true,
    resources: [ORDERS],
    secrets: [],
  })
  const { text } = await show(location.slice(PATH.length))
  t.match(text, en['done.CLIENT_REGISTERED'])
  t.match(text, en['clients.public'])
  t.notMatch(text, `${id}/rotate`)
})

t.test(
  'the form of the page of clients says what it does not take, and keeps what was typed',
  async (t) => {
    const { register, post, show } = await start(t)
    const fragment = 'https://orders.example.com/#x'
    const { answer, id } = await register({ redirectUris: `${CALLBACK}\n${fragment}` })
    t.equal(answer.status, 400)
    t.equal(id, DECLARED, 'nothing was registered')
    t.same(complaints(answer), [en['clients.uri.refused'].replace('{uri}', fragment)])
    t.match(answer.text, `${CALLBACK}\n${fragment}</textarea>`)
    const many = Array.from({ length: 21 }, (_, index) => `https://a.example/${index}`).join('\n')
    const refused: [Record<string, string>, keyof typeof en][] = [
      [{ name: '' }, 'field.name.wrong'],
      [{ redirectUris: '' }, 'field.redirectUris.wrong'],
      [{ redirectUris: many }, 'field.redirectUris.wrong'],
      [{ postLogoutRedirectUris: many }, 'field.postLogoutRedirectUris.wrong'],
    ]
    for (const [fields, key] of refused) {
      const { answer } = await register(fields)
      t.equal(answer.status, 400, key)
      t.same(complaints(answer), [en[key]])
    }

    const made = await register({ public: 'on' })
    const [path = ''] = String(made.answer.headers.location).slice(PATH.length).split('?')
    const changed = await post(path, { ...FORM, redirectUris: fragment })
    t.equal(changed.status, 400)
    t.same(complaints(changed), [en['clients.uri.refused'].replace('{uri}', fragment)])
    t.match(changed.text, `${fragment}</textarea>`)
    t.match((await show(path)).text, CALLBACK)
  },
)

t.test('on the page of clients, apps are changed, get new secrets and are removed', async (t) => {
  const { service, admin, show, post, register } = await start(t)
  const { id, secret } = await register()
  const same = await post(`/${id}`, FORM)
  const done = `${PATH}/${id}?done=CLIENT_CHANGED`
  t.match(same, { status: 303, headers: { location: done } })
  t.same(service.events('client_changed'), [], 'the same again is no change')
  const fields = {
    ...FORM,
    name: 'New',
    redirectUris: 'https://new.example.com/',
    firstParty: 'on',
  }
  t.match(await post(`/${id}`, { ...fields, resources: BILLING }), {
    status: 303,
    headers: { location: done },
  })
  t.match(await service.services.clients.find(id), {
    name: 'New',
    redirectUris: ['https://new.example.com/'],
    isFirstParty: true,
    resources: [BILLING],
    secrets: [{}],
  })
  t.match(service.events('client_changed'), [{ userId: admin.id, clientId: id }])
  await post(`/${id}`, fields)
  t.notOk('resources' in ((await service.services.clients.find(id)) ?? {}), 'every API again')

  const rotated = await post(`/${id}/rotate`, { overlap: '3600' })
  t.match(rotated, { status: 201, headers: { 'cache-control': 'no-store' } })
  const newer = shownIn(rotated).secret
  t.ok(await isGood(service, id, newer))
  t.ok(await isGood(service, id, secret), 'for the overlap')
  t.match((await show(`/${id}`)).text, en['key.oldSecret'])
  service.clock.advance(HOUR)
  t.notOk(await isGood(service, id, secret))
  t.ok(await isGood(service, id, newer))
})

t.test('the page of clients removes an app, and knows none that is not there', async (t) => {
  const { service, show, post, register } = await start(t)
  const { id, secret } = await register()
  const removed = await post(`/${id}/remove`)
  t.match(removed, { status: 303, headers: { location: `${PATH}?done=CLIENT_REMOVED` } })
  t.notOk(await isGood(service, id, secret))
  for (const below of ['/rotate', '/remove']) {
    const none = await post(`/${id}${below}`)
    t.equal(none.status, 404, below)
    t.same(complaints(none), [en['problem.CLIENT_NOT_FOUND']])
  }
  t.equal((await show(`/${id}`)).status, 404)

  const declared = await show(`/${DECLARED}`)
  t.match(declared.text, en['clients.declared'])
  t.notMatch(declared.text, `action="${PATH}/`, 'the settings alone change it')
  const refused = await post(`/${DECLARED}/remove`)
  t.equal(refused.status, 409)
  t.same(complaints(refused), [en['problem.CLIENT_DECLARED']])
})

t.test('the page of clients is for administrators who have signed in lately', async (t) => {
  const { service, admin, cookies, register } = await start(t)
  const { id } = await register()
  const calls: [string, string, Record<string, string>][] = [
    ['', '', FORM],
    [`/${id}`, `/${id}`, { ...FORM, name: 'New' }],
    [`/${id}/rotate`, `/${id}`, {}],
    [`/${id}/remove`, `/${id}`, {}],
  ]
  const ordinary = await enter(service, await service.signUp())
  for (const [path, , fields] of calls) {
    const refused = await submit(service, PATH + path, fields, { cookies: ordinary })
    t.equal(refused.status, 403, path)
    const foreign = { cookies, headers: { origin: 'https://evil.example' } }
    t.equal((await submit(service, PATH + path, fields, foreign)).status, 403, path)
    const nobody = await submit(service, PATH + path, fields)
    t.match(nobody, { status: 303, headers: { location: '/login' } })
  }
  for (const path of [PATH, `${PATH}/${id}`]) {
    t.equal((await service.get(path, { cookies: ordinary })).status, 403)
  }
  t.notMatch((await service.get('/dashboard', { cookies: ordinary })).text, PATH)
  service.clock.advance(15 * MINUTE)
  const renewed = jarOf(await service.get(PATH, { cookies }))
  for (const [path, back, fields] of calls) {
    const late = await submit(service, PATH + path, fields, { cookies: renewed })
    const again = `/step-up?returnTo=${encodeURIComponent(PATH + back)}`
    t.match(late, { status: 303, headers: { location: again } }, path)
  }
  t.match(await service.services.clients.find(id), { name: 'Orders' })
  await service.services.users.store.change(admin.id, { role: 'user' })
  const demoted = await submit(service, PATH, FORM, { cookies: renewed })
  t.equal(demoted.status, 403, 'the store decides, not the token')
})
