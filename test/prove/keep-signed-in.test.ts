import t from 'tap'
import { en } from '../../src/pages/texts/en.js'
import { sharedChromium } from '../support/chromium.js'
import { startServer } from '../support/process.js'

t.test('links to other ways to sign in say whether their person stays signed in', async (t) => {
  const { url } = await startServer(t)
  const context = await (await sharedChromium()).newContext({ baseURL: url })
  t.teardown(() => context.close())
  const page = await context.newPage()
  /** The links to other ways, by where they lead and what they say. */
  const choices = async () => {
    const links = await page.locator('a[data-sign-in]').all()
    const hrefs = await Promise.all(links.map((link) => link.getAttribute('href')))
    return hrefs.map((href) => {
      const { pathname, searchParams } = new URL(href ?? '', url)
      return [pathname, searchParams.get('returnTo'), searchParams.get('keepSignedIn')]
    })
  }
  const returnTo = '/dashboard/keys'
  const saying = (choice: string | null) => [
    ['/api/auth/local', returnTo, choice],
    ['/login/email', returnTo, choice],
  ]

  await page.goto(`/login?returnTo=${encodeURIComponent(returnTo)}`)
  const box = page.getByLabel(en['login.keep'], { exact: true })
  t.ok(await box.isChecked())
  t.same(await choices(), saying(null))
  await box.uncheck()
  t.same(await choices(), saying('no'), 'unticked')
  await box.check()
  t.same(await choices(), saying(null), 'and ticked again')

  await box.uncheck()
  await page.getByRole('link', { name: en['login.byMail'] }).click()
  await page.waitForURL(/\/login\/email/)
  const there = page.getByLabel(en['login.keep'], { exact: true })
  t.notOk(await there.isChecked(), 'the next page has it as it was')
  t.same(await choices(), [['/login', returnTo, 'no']])
  await page.goBack()
  await page.waitForURL(/\/login\?/)
  t.equal(await box.isChecked(), false, 'and so has this one, by the browser’s own doing')
  t.same(await choices(), saying('no'))
})
