import t from 'tap'
import { cutText } from '../../src/lib/display-name.js'
import { Browser } from '../support/browser.js'
import { fromOwnPage, newSubject, startWithOpenProviders } from '../support/identity-provider.js'
import { newAccount } from '../support/service.js'

const FAMILY = '👨‍👩‍👧'
const GOOD = ['Ada', 'علی‌رضا', 'ශ්‍රී ලංකා', `Ada ${FAMILY}`, '🏳️‍🌈', 'Ÿ́', '李', "O'Neil", '9']

const BAD = [
  ...['', ' ', '\u3000 ', '\u00a0', '\u2800', '\u3164', '\u115f\u1160', '\ufe0f', '\u200d'],
  ...['a\nb', 'a\u0000b', 'a\u2028b', 'a\u202eb', 'a\u2066b', 'a\ufeffb', 'a\ue000b', 'a\uffffb'],
  ...['\u200da', 'a\u200d', 'a\u200c\u200db', 'a\u200d b', 'a \u200db', 'a\u200d\u202eb'],
]

/** Test titles hold no character that a terminal acts on. */
const escape = (text: string): string => encodeURIComponent(text)

t.test('a name is visible text, in the spelling of its language', async (t) => {
  const { service, providers } = await startWithOpenProviders(t, ['north'])
  const account = await service.signUp()
  const { accessToken: token } = await service.signIn(account)
  const doors = {
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
  for (const [door, put] of Object.entries(doors)) {
    t.test(`at ${door}`, async (t) => {
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

  t.test('from a provider: what the rule refuses goes, the rest stays', async (t) => {
    for (const name of GOOD) t.equal(await nameFrom(name), name)
    t.equal(await nameFrom(' a\u202eb\n\u200d c\u200d '), 'ab c')
    t.equal(await nameFrom('a\u200d b'), 'a b')
    for (const name of ['', ' \n', '\u200d\u200c', '\u3164', '\u202e']) {
      t.equal(await nameFrom(name), undefined, escape(name))
    }
  })

  t.test('from a provider: a long one is cut between characters', async (t) => {
    const long = (filler: number, last: string) => 'x'.repeat(filler) + last + 'rest'
    t.equal(await nameFrom(long(99, '🦀')), 'x'.repeat(99) + '🦀')
    t.equal(await nameFrom(long(97, FAMILY)), 'x'.repeat(97))
    t.equal(await nameFrom(long(95, FAMILY)), 'x'.repeat(95) + FAMILY)
    t.equal(await nameFrom(long(99, 'e\u0301')), 'x'.repeat(99))
    t.equal(await nameFrom('🐫'.repeat(120)), '🐫'.repeat(100))
  })
})

t.test('a cut never splits a character', async (t) => {
  for (const character of ['🦀', FAMILY, 'e\u0301', '🇩🇪', '\r\n']) {
    for (let max = 1; max < 12; max++) {
      const cut = cutText(character.repeat(9), max)
      t.ok(Array.from(cut).length <= max, `${escape(character)} at ${max}`)
      t.equal(cut, character.repeat(cut.length / character.length))
    }
  }
})
