import t from 'tap'
import { cutText } from '../../src/lib/display-name.js'
import { Browser } from '../support/browser.js'
import { fromOwnPage, newSubject, startWithOpenProviders } from '../support/identity-provider.js'
import { en } from '../../src/pages/texts/en.js'
import { SECOND } from '../support/clock.js'
import { jarOf, submit } from '../support/pages.js'
import { newAccount, startService } from '../support/service.js'

const FAMILY = '👨‍👩‍👧'
const GOOD = ['Ada', 'علی‌رضا', 'ශ්‍රී ලංකා', `Ada ${FAMILY}`, '🏳️‍🌈', 'Ÿ́', '李', "O'Neil", '9']

const BAD = [
  ...['', ' ', '\u3000 ', '\u00a0', '\u2800', '\u3164', '\u115f\u1160', '\ufe0f', '\u200d'],
  ...['a\nb', 'a\u0000b', 'a\u2028b', 'a\u202eb', 'a\u2066b', 'a\ufeffb', 'a\ue000b', 'a\uffffb'],
  ...['\u200da', 'a\u200d', 'a\u200c\u200db', 'a\u200d b', 'a \u200db', 'a\u200d\u202eb'],
]

/** Test titles hold no character that a terminal acts on. */
const escape = (text: string): string => encodeURIComponent(text)

t.test('a display name is visible text, in the spelling of its language', async (t) => {
  const { service, providers } = await startWithOpenProviders(t, ['north'])
  const account = await service.signUp()
  const { accessToken: token } = await service.signIn(account)
  const doors: Record<string, (name: string) => Promise<Record<string, unknown>>> = {
    '/api/auth/register': async (name: string) => {
      const { email, password } = newAccount()
      const { status, body } = await service.post('/api/auth/register', { email, password, name })
      return { status, name: body.user?.name, field: body.errors?.[0].field }
    },
    '/api/apikeys/generate': async (name: string) => {
      const { status, body } = await service.post('/api/apikeys/generate', { name }, { token })
      if (status === 201) await service.delete(`/api/apikeys/${body.key.id}`, { token })
      return { status, name: body.key?.name, field: body.errors?.[0].field }
    },
  }
  doors['PATCH /api/profile'] = async (name) => {
    const { status, body } = await service.call('PATCH', '/api/profile', { token, body: { name } })
    const isDone = status === 200 && body.user.name === name
    return { status: isDone ? 201 : status, name: body.user?.name, field: body.errors?.[0].field }
  }
  for (const [door, put] of Object.entries(doors)) {
    t.test(`a display name at ${door} is visible text`, async (t) => {
      const good = door.includes('register') ? GOOD.slice(1, 5) : GOOD
      for (const name of good) t.same(await put(name), { status: 201, name, field: undefined })
      for (const name of BAD) {
        t.match(await put(name), { status: 400, field: '/name' }, escape(name))
      }
    })
  }

  const nameFrom = async (name: string): Promise<string | undefined> => {
    const browser = new Browser(service)
    await providers.north.signIn(browser, { ...newSubject(), name })
    return (await service.get('/api/profile', fromOwnPage(browser))).body.user.name
  }

  t.test(
    'a user’s display name from a provider: what the rule refuses goes, the rest stays',
    async (t) => {
      for (const name of GOOD) t.equal(await nameFrom(name), name)
      t.equal(await nameFrom(' a\u202eb\n\u200d c\u200d '), 'ab c')
      t.equal(await nameFrom('a\u200d b'), 'a b')
      for (const name of ['', ' \n', '\u200d\u200c', '\u3164', '\u202e']) {
        t.equal(await nameFrom(name), undefined, escape(name))
      }
    },
  )

  t.test(
    'a user’s display name from a provider: a long one is cut between characters',
    async (t) => {
      const long = (filler: number, last: string) => 'x'.repeat(filler) + last + 'rest'
      t.equal(await nameFrom(long(99, '🦀')), 'x'.repeat(99) + '🦀')
      t.equal(await nameFrom(long(97, FAMILY)), 'x'.repeat(97))
      t.equal(await nameFrom(long(95, FAMILY)), 'x'.repeat(95) + FAMILY)
      t.equal(await nameFrom(long(99, 'e\u0301')), 'x'.repeat(99))
      t.equal(await nameFrom('🐫'.repeat(120)), '🐫'.repeat(100))
    },
  )
})

t.test('a cut of a display name never splits a character', async (t) => {
  for (const character of ['🦀', FAMILY, 'e\u0301', '🇩🇪', '\r\n']) {
    for (let max = 1; max < 12; max++) {
      const cut = cutText(character.repeat(9), max)
      t.ok(Array.from(cut).length <= max, `${escape(character)} at ${max}`)
      t.equal(cut, character.repeat(cut.length / character.length))
    }
  }
})

t.test('a person changes their name', async (t) => {
  const service = await startService(t)
  const account = await service.signUp()
  const { accessToken: token } = await service.signIn(account)
  const rename = (name: string | null) =>
    service.call('PATCH', '/api/profile', { token, body: { name } })
  const shown = async () => (await service.get('/api/profile', { token })).body.user.name

  t.test('a changed name is shown at once, with an event that does not have it', async (t) => {
    service.clock.advance(SECOND)
    t.match(await rename('Ada L.'), {
      status: 200,
      body: { user: { id: account.id, name: 'Ada L.' } },
    })
    t.equal(await shown(), 'Ada L.')
    const { events } = (await service.get('/api/account/events', { token })).body
    t.match(events[0], { event: 'name_changed', actor: 'self', details: {} })
    t.notMatch(JSON.stringify([events, service.logs]), 'Ada L.')
  })

  t.test('a person takes their name away', async (t) => {
    t.equal((await rename(null)).status, 200)
    t.equal(await shown(), undefined)
    for (const body of [{}, { name: 7 }, { name: 'a', email: 'b' }]) {
      const { status } = await service.call('PATCH', '/api/profile', { token, body })
      t.equal(status, 400)
    }
  })

  t.test('a name is changed on the account page, which says what is wrong', async (t) => {
    const { email, password } = account
    const cookies = jarOf(await submit(service, '/login', { email, password }))
    const put = (name: string) => submit(service, '/dashboard/name', { name }, { cookies })
    t.equal((await put('Ada')).headers.location, '/dashboard?done=NAME_CHANGED')
    t.match((await service.get('/dashboard', { cookies })).text, 'value="Ada"')
    const refused = await put('a\u202eb')
    t.equal(refused.status, 400)
    t.ok(refused.text.includes(en['field.name.wrong']))
    t.equal((await put('')).status, 303)
    t.equal(await shown(), undefined)
  })

  t.test('a session that has ended changes no name', async (t) => {
    await service.delete('/api/auth/sessions', { token })
    t.equal((await rename('Eve')).status, 401)
  })
})
