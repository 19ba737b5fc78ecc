import { CODE_MS, LINK_MS } from '../../tickets/lifetimes.js'
import type { StoredMessage } from '../message.js'
import type { Block, Letter } from './blocks.js'
import { factRows } from './facts.js'
import { htmlOf } from './html.js'
import { type Part, SPEAKS_FOR_ALL, TEMPLATES } from './templates.js'
import { textOf } from './text.js'
import { Words } from './words.js'

/** How a team makes the mails its own (`BRAND_*`). */
export interface MailBrand {
  readonly name: string
  /** `#rrggbb`. */
  readonly accentColour: string
  /** `https:` or `mailto:`, or a path of the issuer. */
  readonly supportUrl: string | undefined
}

export interface RenderOptions {
  readonly issuer: string
  readonly brand: MailBrand
  /** Whether the mail speaks for all of its kind that follow it. */
  readonly isLast?: boolean
  /** The secrets of the message's ticket, where it has one. */
  readonly secrets?: {
    /** Eight digits. */
    readonly code: string
    /** What follows `#ticket=`. */
    readonly link: string
  }
}

export interface RenderedMail {
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** The subject, the text and the HTML of a mail. It loads nothing from anywhere, and no link is counted. */
export function renderMail(message: StoredMessage, options: RenderOptions): RenderedMail {
  const { brand, isLast = false } = options
  const words = new Words(message.language)
  const parts = [...TEMPLATES[message.kind], ...(isLast ? SPEAKS_FOR_ALL : [])]
  const letter: Letter = {
    language: words.language,
    subject: words.text(`${message.kind}.subject`, { brand: brand.name }),
    blocks: parts.flatMap((part) => blocksOf(part, message, words, options)),
    foot: footOf(words, options),
  }
  return { subject: letter.subject, text: textOf(letter), html: htmlOf(letter, brand) }
}

function blocksOf(
  part: Part,
  message: StoredMessage,
  words: Words,
  options: RenderOptions,
): Block[] {
  const { issuer, brand } = options
  const say = (text: string): Block => ({ is: 'paragraph', text })
  if ('say' in part) return [say(words.text(part.say, { brand: brand.name }))]
  if ('facts' in part) return [{ is: 'facts', rows: factRows(part.facts, message, words) }]
  if ('page' in part) {
    return [{ is: 'link', label: words.text(part.link), href: issuer + part.page, isMain: false }]
  }
  const { ticket } = message
  const { secrets } = options
  if (!ticket || !secrets) throw new Error(`a mail of the kind ${message.kind} needs a ticket`)
  if ('code' in part) {
    const code = secrets.code.replace(/^(....)/, '$1 ')
    return [
      { is: 'code', label: words.text('code.label'), code },
      say(words.text('code.about', { time: words.duration(CODE_MS) })),
    ]
  }
  const href = `${issuer}${part.opens}#ticket=${secrets.link}`
  return [
    { is: 'link', label: words.text(part.link), href, isMain: true },
    say(words.text('link.good', { time: words.duration(LINK_MS[ticket.kind]) })),
  ]
}

function footOf(words: Words, { issuer, brand }: RenderOptions): Block[] {
  const { name, supportUrl } = brand
  const about: Block = { is: 'paragraph', text: words.text('foot.about', { brand: name }) }
  const links = [{ label: name, href: issuer }]
  if (supportUrl !== undefined) {
    links.push({ label: words.text('foot.support'), href: new URL(supportUrl, issuer).href })
  }
  return [about, ...links.map((link): Block => ({ is: 'link', ...link, isMain: false }))]
}
