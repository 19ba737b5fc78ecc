import type { ComponentChildren } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { Document } from '../../pages/kit/document.js'
import type { View } from '../../pages/kit/view.js'
import type { ReceivedMail } from './mailbox.js'

export const MAILBOX_PATH = '/local/mail'

/** The mails that have arrived, newest first. */
export const listPage = (view: View, mails: readonly ReceivedMail[]): string =>
  page(
    view,
    'Mail of the local service',
    <>
      <p class="quiet">
        The local service sends no mail. What it would have sent is here; nothing leaves this
        machine.
      </p>
      {mails.length === 0 && <p>No mail yet. Reload this page after you asked for one.</p>}
      {mails.map((mail) => (
        <section class="card stack tight">
          <h2>
            <a href={`${MAILBOX_PATH}/${mail.id}`}>{mail.subject}</a>
          </h2>
          <p class="small quiet">
            to {mail.to}, {mail.receivedAt}
          </p>
        </section>
      ))}
    </>,
  )

/** One mail as text. Its own links alone can be clicked. */
export const mailPage = (view: View, mail: ReceivedMail, origin: string): string =>
  page(
    view,
    mail.subject,
    <>
      <p class="small quiet">
        from {mail.from.name} {`<${mail.from.address}>`} to {mail.to}, {mail.receivedAt}
      </p>
      <section class="card stack tight">
        {mail.text.split('\n\n').map((paragraph) => (
          <p>
            {paragraph.split('\n').map((line, index) => (
              <>
                {index > 0 && <br />}
                {line.startsWith(`${origin}/`) ? <a href={line}>{line}</a> : line}
              </>
            ))}
          </p>
        ))}
      </section>
      <p>
        <a href={`${MAILBOX_PATH}/${mail.id}/html`}>The same as HTML</a>
        {' · '}
        <a href={MAILBOX_PATH}>All mail</a>
      </p>
    </>,
  )

function page(view: View, title: string, children: ComponentChildren): string {
  const body = (
    <Document view={view} title={title}>
      <main class="stack">
        <h1>{title}</h1>
        {children}
      </main>
    </Document>
  )
  return `<!doctype html>${renderToString(body)}`
}
