import { type Answering, Browser, OWN_PAGE, type Visit } from './browser.js'
import { type FormButton, formsOf, type PageForm } from './forms.js'
import type { Account } from './service.js'
import { recordSecret } from './transcript.js'

/** What a person does on a page that asks. */
export type Choice = 'yes' | 'no'

interface Visiting {
  /** Redirects to such a URL are not followed: the app is not there, or the test asks it itself. */
  readonly until?: (url: string) => boolean
  /** What to say to a page with a question, such as the one for consent. */
  readonly choice?: Choice
}

const MAX_STEPS = 20

/**
 * A person at a browser without scripts: follows redirects, signs in where a page asks for a password, and presses a
 * button where a page has a question.
 */
export class Person {
  readonly browser: Browser
  readonly account: Account
  /** Paths of the pages with a form that they have met, in order. */
  readonly met: string[] = []

  /** @param service leave out where it is visited over real sockets. */
  constructor(account: Account, service?: Answering) {
    this.account = account
    this.browser = new Browser(service)
    recordSecret('password', account.password)
    recordSecret('email', account.email)
  }

  /** @returns the page where the journey ends, or the redirect that `until` names. */
  async open(url: string, { until = () => false, choice = 'yes' }: Visiting = {}): Promise<Visit> {
    let visit = await this.browser.visit(url, { headers: { accept: 'text/html' } })
    for (let steps = 0; steps < MAX_STEPS; steps++) {
      if (visit.location !== undefined) {
        if (until(visit.location)) return visit
        visit = await this.browser.visit(visit.location, { headers: { accept: 'text/html' } })
        continue
      }
      const [form] = formsOf(visit).filter((form) => this.#isAnswered(form, visit))
      if (!form) return visit
      this.met.push(new URL(visit.url).pathname)
      visit = await this.#answer(visit, form, choice)
    }
    throw new Error(`no end after ${MAX_STEPS} steps, last at ${visit.url}`)
  }

  /** Sends a form that stands on a page. */
  async send(
    visit: Visit,
    form: PageForm,
    values: Readonly<Record<string, string>> = {},
    button?: FormButton,
  ): Promise<Visit> {
    const kept = form.fields.filter(([name]) => !(name in values))
    const fields = [...kept, ...Object.entries(values), ...(button?.sends ?? [])]
    const headers = { ...OWN_PAGE, origin: new URL(visit.url).origin }
    return this.browser.visit(form.action, { form: fields, headers })
  }

  #isAnswered({ names, action }: PageForm, { url, status }: Visit): boolean {
    if (status !== 200) return false
    return names.includes('password') || (QUESTIONS.test(action) && new URL(url).pathname !== '/')
  }

  #answer(visit: Visit, form: PageForm, choice: Choice): Promise<Visit> {
    const { email, password } = this.account
    if (form.names.includes('password')) {
      const values = { ...(form.names.includes('email') && { email }), password }
      return this.send(visit, form, values)
    }
    const button = form.buttons.find(({ isMain }) => isMain === (choice === 'yes'))
    if (!button) throw new Error(`${visit.url} has no button for “${choice}”`)
    return this.send(visit, form, {}, button)
  }
}

/** Pages of ours that put a question before they go on. */
const QUESTIONS = /\/(consent|oauth\/logout)(\?|$)/
