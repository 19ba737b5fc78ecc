import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Facts, Language, MessageKind, StoredMessage } from '../../src/email/message.js'
import { renderMail, type RenderOptions } from '../../src/email/templates/render.js'
import { type Part, TEMPLATES } from '../../src/email/templates/templates.js'
import { de } from '../../src/email/templates/texts/de.js'
import { en, type TextKey } from '../../src/email/templates/texts/en.js'
import type { MailTicketKind } from '../../src/tickets/mail-secrets.js'

const ISSUER = 'https://auth.example.com'
const BRAND = { name: 'Acme', accentColour: '#3453d1', supportUrl: 'mailto:help@example.com' }
const LINK = `${'i'.repeat(22)}${'s'.repeat(43)}`
const OPTIONS: RenderOptions = {
  issuer: ISSUER,
  brand: BRAND,
  secrets: { code: '00120042', link: LINK },
}

const KINDS = Object.keys(TEMPLATES) as MessageKind[]
const LANGUAGES: readonly Language[] = ['en', 'de']
const TICKETS: Partial<Record<MessageKind, MailTicketKind>> = {
  verification: 'verification',
  'password-reset': 'password-reset',
  'password-offer': 'password-reset',
  'sign-in': 'sign-in',
  'address-change': 'address-change',
  'address-changed': 'address-undo',
  'factors-removal-begun': 'factors-removal',
  invitation: 'invitation',
}
const FACTS: Facts = {
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  keyName: 'billing export',
  appName: 'Orders',
  provider: 'GitHub',
  role: 'admin',
  factor: 'totp',
  codesLeft: 7,
  suspendedPasskeys: ['Blue key', 'Phone'],
  suspendedKeys: ['billing export'],
  suspendedIdentities: ['GitHub'],
  suspendedApps: ['Orders'],
}

function message(
  kind: MessageKind,
  language: Language = 'en',
  facts: Facts = FACTS,
): StoredMessage {
  const ticketKind = TICKETS[kind]
  return {
    kind,
    language,
    facts,
    to: 'ada@example.com',
    isDecoy: false,
    id: 'an-id',
    createdAt: '2030-01-01T12:34:56.000Z',
    ...(ticketKind && {
      ticket: { kind: ticketKind, id: 'i', keyId: 'k', userId: 'u', address: 'ada@example.com' },
    }),
  }
}

/** What a person reads of some HTML, element by element. */
const wordsOf = (html: string): string[] =>
  html
    .replace(/<head>.*<\/head>/s, '')
    .replaceAll('<!doctype html>', '')
    .split(/<[^>]*>/)
    .map((words) =>
      words
        .replaceAll(/&(lt|gt|quot|#39|amp);/g, (_, name: string) => ENTITIES[name] ?? '')
        .replace(/: $/, '')
        .trim(),
    )
    .filter((words) => words !== '')

const ENTITIES: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  amp: '&',
}

t.test('the templates of every mail, in every language', async (t) => {
  for (const kind of KINDS) {
    for (const language of LANGUAGES) {
      const { subject, text, html } = renderMail(message(kind, language), OPTIONS)
      const what = `${kind}, ${language}`
      t.match(subject, /^[^\r\n{}]{5,70}$/, what)
      t.notMatch(text + html, /[{}]|undefined|\[object|null/, what)
      t.match(html, `<html lang="${language}">`, what)
      t.ok(Buffer.byteLength(html) < 8_000, `${what} is small`)
      for (const line of text.split('\n')) t.ok(Buffer.byteLength(line) <= 900, what)

      // It loads nothing, runs nothing, and no link is counted.
      t.notMatch(
        html,
        /<(img|script|link|iframe|object|svg|style|form|base)\b|url\(|@import|\bon\w+=/i,
      )
      const anchors = html.match(/<a [^>]*>/g) ?? []
      t.equal(anchors.length, html.match(/\bhref=/g)?.length)
      for (const anchor of anchors) {
        t.match(anchor, /^<a ses:no-track href="(https:\/\/auth\.example\.com|mailto:)/, what)
      }

      // The text has all that the HTML has.
      for (const [, href = ''] of html.matchAll(/href="([^"]*)"/g)) t.match(text, href, what)
      for (const words of wordsOf(html)) {
        if (words !== subject && words !== BRAND.name) t.match(text, words, what)
      }
    }
  }
})

t.test('in a mail, a ticket’s link is in the fragment, its code in two groups', async (t) => {
  const pages: Partial<Record<MessageKind, string>> = {
    verification: '/verify',
    'password-reset': '/reset',
    'password-offer': '/reset',
    'sign-in': '/login/email',
    'address-changed': '/undo',
  }
  for (const [kind, page] of Object.entries(pages)) {
    const { text, html } = renderMail(message(kind as MessageKind), OPTIONS)
    t.match(text, `\n${ISSUER}${page}#ticket=${LINK}\n`)
    t.match(html, `href="${ISSUER}${page}#ticket=${LINK}"`)
  }
  for (const kind of ['verification', 'password-reset', 'sign-in', 'address-change'] as const) {
    const { text, html } = renderMail(message(kind), OPTIONS)
    t.match(text, 'Your code: 0012 0042')
    t.match(html, '>0012 0042<')
  }
  const change = renderMail(message('address-change'), OPTIONS)
  t.notMatch(change.text, '#ticket=', 'a change of address has a code alone')
  t.throws(() => renderMail(message('sign-in'), { issuer: ISSUER, brand: BRAND }), /needs a ticket/)
})

t.test('each mail with a ticket says how long it is good', async (t) => {
  const times: [MessageKind, string, string][] = [
    ['verification', '24 hours', '24 Stunden'],
    ['password-reset', '30 minutes', '30 Minuten'],
    ['sign-in', '30 minutes', '30 Minuten'],
    ['address-changed', '7 days', '7 Tage'],
    ['address-change', '10 minutes', '10 Minuten'],
  ]
  for (const [kind, english, german] of times) {
    t.match(renderMail(message(kind), OPTIONS).text, ` is good for ${english}.`, kind)
    t.match(renderMail(message(kind, 'de'), OPTIONS).text, ` gilt ${german}.`, kind)
  }
})

t.test('the mail that confirms an address offers “I did not create this account”', async (t) => {
  t.match(renderMail(message('verification'), OPTIONS).text, '“I did not create this account”')
})

t.test('the mail of a notice says what happened, when and from where', async (t) => {
  const { text } = renderMail(message('api-key-created'), OPTIONS)
  t.match(text, 'Time: January 1, 2030 at 12:34')
  t.match(text, 'Key: billing export\nDevice: Firefox on Linux\n')
  t.match(renderMail(message('role-changed', 'de'), OPTIONS).text, 'Neue Rolle: Administrator\n')
  const bare = renderMail(message('api-key-created', 'en', {}), OPTIONS).text
  t.notMatch(bare, /Key:|Device:/, 'what is not known has no row')
})

t.test('a mail about a new password names the passkeys that it suspends', (t) => {
  const { text } = renderMail(message('password-changed'), OPTIONS)
  t.match(text, 'Passkeys that need your password first: Blue key, Phone\n')
  t.end()
})

t.test('a mail about a recovery code says when few are left', async (t) => {
  const mail = (codesLeft: number, language?: Language) =>
    renderMail(message('recovery-code-used', language, { codesLeft }), OPTIONS).text
  t.match(mail(3), 'Codes left: 3\n')
  t.match(mail(2), 'Codes left: 2. Make new codes now.\n')
  t.match(mail(0, 'de'), 'Verbleibende Codes: 0. Erstellen Sie jetzt neue Codes.\n')
})

t.test('in a mail, what users chose is text on one line, cut, and no link', async (t) => {
  const naughty = [
    '</title></strong><img src=https://evil.example/pixel><script>alert(1)</script>',
    '"><a href="https://evil.example">click</a>',
    'x\r\nBcc: victim@example.com\r\n\r\nSecond body',
    'see https://evil.example/login or write to mallory@evil.example',
    '\u202Egnp.exe \u0000\u001b[31m',
    '{brand} {time} $& $1',
    'very long '.repeat(1000),
    '\ud800',
  ]
  for (const words of naughty) {
    const facts: Facts = { userAgent: words, keyName: words, provider: words, role: words }
    for (const kind of KINDS) {
      const { subject, text, html } = renderMail(message(kind, 'en', facts), OPTIONS)
      const harmless = renderMail(message(kind), OPTIONS)
      t.equal(subject, harmless.subject, 'it is never in the subject')
      const own = tagsOf(harmless.html)
      t.same(
        [...tagsOf(html)].filter((tag) => !own.has(tag)),
        [],
      )
      t.notMatch(text + html, /[\u0000-\u0009\u000b-\u001f\u202e\ud800]/u)
      t.notMatch(text + html, /evil\.example|:\/\/evil|mallory@evil/, 'nothing to click')
      t.notMatch(text, /^(Bcc|Second body)/m)
      for (const line of text.split('\n')) t.ok(line.length < 400)
    }
  }
  const odd = renderMail(message('api-key-created', 'en', { keyName: '{brand} $&' }), OPTIONS)
  t.match(odd.text, 'Key: {brand} $&')
})

t.test('in a mail, a brand is escaped, and its colour can be read', async (t) => {
  const brand = { name: 'A&B "<i>"', accentColour: '#ffe000', supportUrl: '/help' }
  const { html, text } = renderMail(message('sign-in'), { ...OPTIONS, brand })
  t.match(html, 'A&amp;B &quot;&lt;i&gt;&quot;')
  t.notMatch(html, '<i>')
  t.match(text, 'sign in to A&B "<i>"')
  t.match(text, `Support:\n${ISSUER}/help`)
  t.notMatch(html, '#ffe000', 'yellow on white is darkened')
})

t.test('the texts of mail templates in English and German have the same sentences', async (t) => {
  const keys = Object.keys(en).sort() as TextKey[]
  t.same(Object.keys(de).sort(), keys, 'both languages have the same')
  const holes = (sentence: string) => [...sentence.matchAll(/\{\w+\}/g)].map(String).sort()
  for (const key of keys) t.same(holes(de[key]), holes(en[key]), key)

  for (const kind of KINDS) t.ok(`${kind}.subject` in en, kind)
  const folder = join(import.meta.dirname, '../../src/email/templates')
  const sources = readdirSync(folder, { encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n')
  const unused = keys.filter(
    (key) =>
      !sources.includes(`'${key}'`) && !key.endsWith('.subject') && !/^(role|factor)\./.test(key),
  )
  t.same(unused, [], 'and each is used')
})

t.test('each fact is told by a mail template', async (t) => {
  const parts: Part[] = Object.values(TEMPLATES).flat()
  const told = new Set(parts.flatMap((part) => ('facts' in part ? part.facts : [])))
  const names = [
    'app',
    'codesLeft',
    'device',
    'factor',
    'key',
    'provider',
    'role',
    'suspendedApps',
    'suspendedIdentities',
    'suspendedKeys',
    'suspendedPasskeys',
    'time',
  ]
  t.same([...told].sort(), names)
})

const tagsOf = (html: string): Set<string> => new Set(html.match(/<[^>]*>/g))
