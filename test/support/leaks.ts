import type { Entry, SecretKind } from './transcript.js'

export interface Leak {
  readonly what: SecretKind
  readonly where: string
}

type Secret = Extract<Entry, { kind: 'secret' }>
type Response = Extract<Entry, { kind: 'response' }>

const INDEXED = 8

/** Where a kind of secret is handed out: only there, and only by success, it may be seen. */
const HANDED_OUT: Readonly<Partial<Record<SecretKind, RegExp>>> = {
  token:
    /^POST (\/api\/auth\/(login(\/email(\/confirm)?|\/passkey|\/factor|\/enrolment\/(totp\/confirm|passkeys))?|refresh|email\/verification\/confirm|invitation\/accept)|\/(api\/apikeys|dashboard\/keys)(\/generate|\/\w+\/rotate|)|\/oauth\/token)$/,
  email:
    /^(POST \/api\/admin\/(users\/invite|invitations\/resend)|GET \/api\/admin\/invitations(\?\S*)?|POST \/api\/auth\/(register|invitation\/accept|login(\/email\/confirm|\/passkey|\/factor)?|email\/(verification\/)?confirm|email\/undo|factors\/totp|passkeys\/options|login\/enrolment\/(totp(\/confirm)?|passkeys(\/options)?))|GET \/api\/(profile|auth\/identities|account\/export)|(GET|POST) \/oauth\/userinfo|PATCH \/api\/(profile|auth\/identities\/[\w-]+)|GET \/api\/admin\/users(\?\S*)?|\w+ \/api\/admin\/users\/[\w-]+(\/(identities\/[\w-]+|verify-address|factors-removal(\/confirm)?|factors\/unlock))?)$/,
  'client-secret':
    /^POST \/(api\/admin\/clients(\/app_[\w-]+\/secret)?|dashboard\/apps(\/app_[\w-]+\/rotate)?)$/,
  factor:
    /^POST \/api\/auth\/(factors\/(totp(\/confirm)?|recovery-codes)|login\/enrolment\/[\w/]+|passkeys)$/,
}

/** A social sign-in hands out cookies by redirects. */
const REDIRECTS = /^(GET|HEAD) \/api\/auth\/[\w-]+(\/callback)?(\?|$)/

/** An authorization code goes to its app by a redirect, with which the cookies of its person may be renewed. */
const GRANTS = /^(GET \/oauth\/authorize\?|POST \/consent\?)/

/** A page shows its owner's address, and what was typed into its form; it renews its owner's cookies. */
const PAGES =
  /^(GET|POST) \/(login|register|dashboard|account|step-up|consent|oauth\/logout|forgot|reset|verify|undo|invitation)\b/

/** What sets a second factor up, and shows recovery codes. */
const SET_UP: readonly RegExp[] = [
  /^(GET|POST) \/(account\/factors|login\/enrolment)\/totp\b/,
  /^POST \/(account\/factors|login\/enrolment)\/passkeys$/,
  /^POST \/account\/factors\/recovery-codes$/,
]

/** A form that was refused for something else has the ticket of its mail again. */
const SENT_AGAIN = /^POST \/(reset|verify|verify\/disown|undo|keep-factors|invitation)$/

/** Every log line and answer that holds a secret which it must not. */
export function findLeaks(entries: readonly Entry[]): Leak[] {
  const index = indexSecrets(entries.filter((entry) => entry.kind === 'secret'))
  return entries.flatMap((entry) => {
    if (entry.kind === 'log') return leaksIn(index, entry.line, `log ${entry.line}`)
    if (entry.kind === 'response') return leaksInResponse(index, entry)
    return []
  })
}

function leaksInResponse(index: SecretIndex, response: Response): Leak[] {
  const { request, status, headers, body } = response
  const { 'set-cookie': cookies, ...rest } = JSON.parse(headers) as Record<string, unknown>
  const where = `${status} of ${request}`
  const paged = status !== 302 && PAGES.test(request)
  const isSentAgain = status >= 400 && SENT_AGAIN.test(request)
  const allowed = (kind: SecretKind) =>
    (status < 300 && HANDED_OUT[kind]?.test(request) === true) ||
    (paged && kind === 'email') ||
    (kind === 'factor' && SET_UP.some((page) => page.test(request))) ||
    (isSentAgain && kind === 'code')
  const isGrant = status === 303 && GRANTS.test(request)
  const redirected = (status === 302 && REDIRECTS.test(request)) || paged || isGrant
  const handedOut = [
    ...leaksIn(index, body, where).filter(({ what }) => !allowed(what)),
    ...leaksIn(index, JSON.stringify(cookies ?? ''), where).filter(
      ({ what }) => !allowed(what) && !(redirected && what === 'token'),
    ),
  ]
  const inHeaders = leaksIn(index, JSON.stringify(rest), `${where}, headers`)
  return [...handedOut, ...inHeaders.filter(({ what }) => !(isGrant && what === 'code'))]
}

/**
 * Secrets by their first letters, then by their length, so that one walk over a text finds all of them: every access
 * token starts like all others, and has one of few lengths.
 */
interface SecretIndex {
  readonly byStart: ReadonlyMap<string, ReadonlyMap<number, ReadonlyMap<string, Secret>>>
  /** 1 at the mark of each start: nearly every place of a text is passed over by one look here. */
  readonly marks: Uint8Array
}

const MARKS = 2 ** 22

/** The same for the same characters. Four of the eight are enough to tell most texts from all secrets. */
function markOf(text: string, start: number): number {
  const odd = (text.charCodeAt(start + 1) << 15) ^ (text.charCodeAt(start + 3) << 10)
  return (odd ^ (text.charCodeAt(start + 5) << 5) ^ text.charCodeAt(start + 7)) & (MARKS - 1)
}

function indexSecrets(secrets: readonly Secret[]): SecretIndex {
  const byStart = new Map<string, Map<number, Map<string, Secret>>>()
  const marks = new Uint8Array(MARKS)
  const known = new Set<string>()
  for (const secret of secrets) {
    for (const value of spellings(secret.value)) {
      if (value.length < INDEXED || known.has(value)) continue
      known.add(value)
      const start = value.slice(0, INDEXED)
      const byLength = byStart.get(start) ?? new Map<number, Map<string, Secret>>()
      const byValue = byLength.get(value.length) ?? new Map<string, Secret>()
      byStart.set(start, byLength.set(value.length, byValue.set(value, secret)))
      marks[markOf(value, 0)] = 1
    }
  }
  return { byStart, marks }
}

/** As it is, as JSON holds it, and as a URL does. */
function spellings(value: string): Set<string> {
  const wellFormed = value.toWellFormed()
  return new Set([value, JSON.stringify(value).slice(1, -1), encodeURIComponent(wellFormed)])
}

function leaksIn({ byStart, marks }: SecretIndex, text: string, where: string): Leak[] {
  const leaks: Leak[] = []
  for (let start = 0; start + INDEXED <= text.length; start++) {
    if (marks[markOf(text, start)] === 0) continue
    const candidates = byStart.get(text.slice(start, start + INDEXED))
    for (const [length, byValue] of candidates ?? []) {
      const secret = byValue.get(text.slice(start, start + length))
      if (secret) leaks.push({ what: secret.what, where })
    }
  }
  return leaks
}
