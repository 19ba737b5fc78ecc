import type { ComponentChildren } from 'preact'
import type { Notice as NoticeContent, View } from './view.js'
import type { TextKey } from '../texts/en.js'
import { BrandMark, Document, Footer, Notice } from './document.js'
import { ACTIVITY, CLIENTS } from './paths.js'

/** Whose page it is. */
export interface Owner {
  readonly id: string
  /** Missing where the address was freed from the account. */
  readonly email?: string | undefined
  readonly name?: string | undefined
  readonly role: 'user' | 'admin'
}

export interface AccountPageProps {
  readonly view: View
  readonly owner: Owner
  readonly notice?: NoticeContent | undefined
}

type Tab = 'account' | 'sessions' | 'activity' | 'keys' | 'apps' | 'users'

const TABS: readonly { readonly tab: Tab; readonly href: string; readonly label: TextKey }[] = [
  { tab: 'account', href: '/dashboard', label: 'nav.account' },
  { tab: 'sessions', href: '/dashboard/sessions', label: 'nav.sessions' },
  { tab: 'activity', href: ACTIVITY, label: 'nav.activity' },
  { tab: 'keys', href: '/dashboard/keys', label: 'nav.keys' },
  { tab: 'apps', href: CLIENTS, label: 'nav.apps' },
  { tab: 'users', href: '/dashboard/users', label: 'nav.users' },
]

/** What administrators alone see. */
const OF_ADMINISTRATORS: readonly Tab[] = ['apps', 'users']

interface FrameProps extends AccountPageProps {
  readonly title: string
  readonly tab: Tab
  /** What stands above the heading. */
  readonly before?: ComponentChildren
  /** What stands beside it. */
  readonly beside?: ComponentChildren
  readonly about?: string | undefined
  readonly children: ComponentChildren
}

/** The frame of all pages of an account. */
export function AccountPage(props: FrameProps) {
  const { view, owner, notice, title, tab, before, beside, about, children } = props
  const { text } = view.language
  const tabs = TABS.filter(
    (each) => owner.role === 'admin' || !OF_ADMINISTRATORS.includes(each.tab),
  )
  return (
    <Document view={view} title={title}>
      <a class="skip" href="#content">
        {text('nav.skip')}
      </a>
      <header class="top">
        <div>
          <div class="bar">
            <BrandMark view={view} href="/dashboard" />
            <form method="post" action="/logout" class="who">
              <span class="quiet small">{owner.email ?? text('email.none')}</span>
              <button class="button compact">{text('nav.signOut')}</button>
            </form>
          </div>
          <nav class="tabs" aria-label={text('nav.label')}>
            {tabs.map(({ tab: each, href, label }) => (
              <a href={href} aria-current={each === tab ? 'page' : undefined}>
                {text(label)}
              </a>
            ))}
          </nav>
        </div>
      </header>
      <main class="content stack" id="content" tabIndex={-1}>
        {before}
        <div class="stack tight">
          <div class="head">
            <h1>{title}</h1>
            {beside}
          </div>
          {about !== undefined && <p class="quiet">{about}</p>}
        </div>
        <Notice notice={notice} />
        {children}
      </main>
      <Footer view={view} />
    </Document>
  )
}

/** Leads from one thing to the list of all. */
export function Back({ href, children }: { readonly href: string; readonly children: string }) {
  return (
    <a class="back" href={href}>
      <svg width="16" height="16" viewBox="0 0 16 16" fill="none" aria-hidden="true">
        <path d="M10 3 5 8l5 5" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" />
      </svg>
      {children}
    </a>
  )
}

/** An address, and whether it is proved; or that there is none. */
export function Address({
  view,
  email,
  isVerified,
}: {
  readonly view: View
  readonly email: string | undefined
  readonly isVerified: boolean
}) {
  const { text } = view.language
  if (email === undefined) return <span class="quiet">{text('email.none')}</span>
  return (
    <>
      {email}{' '}
      <span class="quiet">({text(isVerified ? 'email.verified' : 'email.unverified')})</span>
    </>
  )
}

interface CardProps {
  readonly id: string
  readonly title: string
  readonly about?: string | undefined
  readonly className?: string
  readonly children: ComponentChildren
}

export function Card({ id, title, about, className = '', children }: CardProps) {
  return (
    <section class={`card stack ${className}`} aria-labelledby={id}>
      <div class="stack tight">
        <h2 id={id}>{title}</h2>
        {about !== undefined && <p class="quiet small">{about}</p>}
      </div>
      {children}
    </section>
  )
}

export function Time({ view, at }: { readonly view: View; readonly at: Date }) {
  return <time dateTime={at.toISOString()}>{view.language.time(at)}</time>
}

/** A sentence with a time in it: the words around stay the language's own. */
export function TimeSentence({
  view,
  sentence,
  at,
}: {
  readonly view: View
  readonly sentence: TextKey
  readonly at: Date
}) {
  const [before = '', after = ''] = view.language.text(sentence, { date: '\0' }).split('\0')
  return (
    <>
      {before}
      <Time view={view} at={at} />
      {after}
    </>
  )
}
