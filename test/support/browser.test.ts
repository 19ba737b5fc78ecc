import t from 'tap'
import { Browser } from './browser.js'
import { startStandIn } from './stand-in.js'

t.test('a browser forgets a cookie by its attributes, whatever its value is', async (t) => {
  const standIn = await startStandIn(t)
  const { origin } = standIn
  const browser = new Browser()
  const answerWith = async (cookie: string) => {
    standIn.react('/', () => ({ headers: { 'set-cookie': cookie } }))
    await browser.visit(`${origin}/`)
    return browser.cookies(origin)
  }
  t.same(await answerWith('a=of-1970; Path=/'), { a: 'of-1970' })
  t.same(await answerWith('b=1; Expires=Tue, 01 Jan 2030 00:00:00 GMT'), { a: 'of-1970', b: '1' })
  t.same(await answerWith('a=x; Path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT'), { b: '1' })
  t.same(await answerWith('b=x; Max-Age=0'), {})
})
