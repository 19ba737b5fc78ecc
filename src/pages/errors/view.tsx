import { ERRORS } from '../../http/error-codes.js'
import type { View } from '../kit/view.js'
import { BrandMark, Document, Footer } from '../kit/document.js'

/** What each `code` of a failure means, for those who write programs: in English, as the codes are. */
export function Errors({ view }: { readonly view: View }) {
  return (
    <Document view={view} title="Errors">
      <main class="page stack">
        <BrandMark view={view} href="/login" />
        <h1>Errors</h1>
        <p>
          Each failure has a <code>code</code>, which never changes. Quote <code>requestId</code>{' '}
          when you ask for help.
        </p>
        {Object.entries(ERRORS).map(([code, { cause, cure }]) => (
          <section id={code}>
            <h2>{code}</h2>
            <p>
              <Text of={cause} />
            </p>
            <p>
              <Text of={cure} />
            </p>
          </section>
        ))}
      </main>
      <Footer view={view} />
    </Document>
  )
}

/** A sentence; what stands between backticks is code. */
function Text({ of }: { readonly of: string }) {
  return <>{of.split('`').map((part, index) => (index % 2 === 0 ? part : <code>{part}</code>))}</>
}
