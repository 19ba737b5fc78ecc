import { acceptedLanguage, type Language as Tag } from '../../http/accept-language.js'
import { de } from '../texts/de.js'
import { en, type TextKey, type Texts } from '../texts/en.js'

const TEXTS: Readonly<Record<Tag, Texts>> = { en, de }

/** What a page says, in one language. */
export interface Language {
  /** BCP 47, for `lang`. */
  readonly tag: string
  readonly text: (key: TextKey, values?: Readonly<Record<string, string | number>>) => string
  /** Day and time in UTC; the browser's script rewrites it in the reader's zone. */
  readonly time: (instant: Date) => string
  readonly day: (instant: Date) => string
  readonly number: (value: number) => string
}

const languages = new Map<Tag, Language>()

/** The language of a page for what a browser sends as `Accept-Language`. */
export const languageOf = (acceptLanguage: string | undefined): Language =>
  open(acceptedLanguage(acceptLanguage))

function open(tag: Tag): Language {
  const known = languages.get(tag)
  if (known) return known
  const texts = TEXTS[tag]
  const time = new Intl.DateTimeFormat(tag, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'UTC',
  })
  const day = new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeZone: 'UTC' })
  const number = new Intl.NumberFormat(tag)
  const language: Language = {
    tag,
    text: (key, values = {}) =>
      texts[key].replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? '')),
    time: (instant) => `${time.format(instant)} UTC`,
    day: (instant) => day.format(instant),
    number: (value) => number.format(value),
  }
  languages.set(tag, language)
  return language
}
