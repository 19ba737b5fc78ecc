import t from 'tap'
import { de } from '../../src/pages/texts/de.js'
import { en } from '../../src/pages/texts/en.js'
import { DAY, MINUTE } from '../support/clock.js'
import type { Owner } from '../support/keys.js'
import { MAIL } from '../support/mail.js'
import { complaints, jarOf, submit } from '../support/pages.js'
import { hasFactors, mailOf, start } from '../support/removal.js'
import { type Service, startService } from '../support/service.js'

const KEEP = '/keep-factors'

async function enter(service: Service, { account }: Owner) {
  const { email, password } = account
  return jarOf(await submit(service, '/login', { email, password }))
}

t.test('administrators remove lost second factors on the page of a user', async (t) => {
  const { service, ada, bob, account } = await start(t)
  const path = `/dashboard/users/${account.id}`
  const [first, second] = [await enter(service, ada), await enter(service, bob)]
  const show = async (cookies: Record<string, string>, headers = {}) =>
    (await service.get(path, { cookies, headers })).text
  const post = (what: string, cookies: Record<string, string>) =>
    submit(service, `${path}/${what}`, {}, { cookies })
  const done = { status: 303, headers: { location: `${path}?done=USER_CHANGED` } }

  t.match(await show(first), en['users.removal.when.user'])
  t.match(await post('factors-removal', first), done)
  const pending = await show(first)
  t.match(pending, en['users.removal.told'])
  t.notMatch(pending, '/factors-removal/confirm', 'the same administrator confirms it later')
  t.match(await show(second), '/factors-removal/confirm')
  t.match(await show(second, { 'accept-language': 'de' }), de['users.removal.told'])

  t.match(await post('factors-removal/take-back', second), done)
  const none = await post('factors-removal/confirm', second)
  t.equal(none.status, 404)
  t.same(complaints(none), [en['problem.FACTORS_REMOVAL_NOT_FOUND']])

  t.match(await post('factors-removal', first), done)
  const alone = await post('factors-removal/confirm', first)
  t.equal(alone.status, 409)
  t.same(complaints(alone), [en['problem.SECOND_ADMINISTRATOR_REQUIRED']])
  t.match(await post('factors-removal/confirm', second), done)
  t.notOk(await hasFactors(service, account.id))
  t.notMatch(await show(first), '/factors-removal')
  t.equal((await post('factors-unlock', first)).status, 404, 'there is no app')
})

t.test('the page of the mail’s link keeps the second factors', async (t) => {
  const { service, account, begin, signIn } = await start(t)
  t.match((await service.get(KEEP)).text, en['keepFactors.about'])
  const german = await service.get(KEEP, { headers: { 'accept-language': 'de' } })
  t.match(german.text, de['keepFactors.title'])
  const empty = await submit(service, KEEP, {})
  t.equal(empty.status, 400)
  const wrong = await submit(service, KEEP, { link: 'x' })
  t.equal(wrong.status, 400)
  t.same(complaints(wrong), [en['keepFactors.refused']])

  await begin()
  const { link } = await mailOf(service, account, 'factors-removal-begun')
  t.match(link, `${KEEP}#ticket=`)
  service.clock.advance(MINUTE)
  const kept = await submit(service, KEEP, { link: ` ${link} ` })
  t.match(kept, { status: 303, headers: { location: '/login?done=FACTORS_KEPT' } })
  t.match((await service.get('/login?done=FACTORS_KEPT')).text, en['done.FACTORS_KEPT'])
  service.clock.advance(DAY)
  t.equal((await signIn()).status, 401)
  t.equal((await submit(service, KEEP, { link })).status, 400, 'a link is good once')
})

t.test('a service without mail has no page that keeps second factors', async (t) => {
  const service = await startService(t)
  t.equal((await service.get(KEEP)).status, 404)
  const mailed = await startService(t, { env: MAIL })
  t.equal((await mailed.get(KEEP)).status, 200)
})
