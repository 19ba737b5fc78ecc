import type { ComponentChildren } from 'preact'
import type { Notice as NoticeContent, View } from './view.js'

export interface DocumentProps {
  readonly view: View
  readonly title: string
  readonly children: ComponentChildren
}

/** The whole page. It has nothing that a policy without `unsafe-inline` would refuse. */
export function Document({ view, title, children }: DocumentProps) {
  const { assets, brand, language } = view
  return (
    <html lang={language.tag}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>{`${title} · ${brand.name}`}</title>
        <link rel="icon" href={assets.icon.path} type={assets.icon.type} />
        <link rel="stylesheet" href={assets.style.path} />
        <script src={assets.script.path} defer />
      </head>
      <body>{children}</body>
    </html>
  )
}

export function BrandMark({ view, href }: { readonly view: View; readonly href: string }) {
  const { assets, brand } = view
  return (
    <a class="brand" href={href}>
      <img src={assets.logo ?? assets.icon.path} alt="" height="28" />
      {brand.name}
    </a>
  )
}

export function Notice({ notice }: { readonly notice: NoticeContent | undefined }) {
  if (!notice) return null
  const { tone, text } = notice
  return (
    <p class={`notice ${tone}`} role={tone === 'bad' ? 'alert' : 'status'} tabIndex={-1} data-focus>
      {text}
    </p>
  )
}

export function Footer({ view }: { readonly view: View }) {
  const { brand, language } = view
  const links = [
    { href: brand.supportUrl, label: 'foot.support' },
    { href: brand.termsUrl, label: 'foot.terms' },
    { href: brand.privacyUrl, label: 'foot.privacy' },
  ] as const
  if (links.every(({ href }) => href === undefined)) return null
  return (
    <footer>
      <nav class="foot" aria-label={language.text('foot.label')}>
        {links.map(
          ({ href, label }) => href !== undefined && <a href={href}>{language.text(label)}</a>,
        )}
      </nav>
    </footer>
  )
}
