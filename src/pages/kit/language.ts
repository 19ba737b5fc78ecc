import { de } from '../texts/de.js'
import { en, type TextKey, type Texts } from '../texts/en.js'

/** The languages of the pages; the first is for browsers that ask for none of them. */
const LANGUAGES: Readonly<Record<string, Texts>> = { en, de }

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

const languages = new Map<string, Language>()

/**
 * The first language of `Accept-Language` that there is, by its weights (RFC 9110 §12.5.4) and the part
 * before the hyphen: `de-AT` is served `de` (RFC 4647 §3.4).
 */
export function languageOf(acceptLanguage: string | undefined): Language {
  const wanted = (acceptLanguage ?? '')
    .slice(0, MAX_LENGTH)
    .toLowerCase()
    .split(',')
    .map((range) => {
      const [tag = '', ...parameters] = range.split(';').map((part) => part.trim())
      const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
      return { tag: tag.split('-', 1)[0] ?? '', weight: weight === undefined ? 1 : Number(weight) }
    })
    .filter(({ tag, weight }) => weight > 0 && Object.hasOwn(LANGUAGES, tag))
    .sort((a, b) => b.weight - a.weight)
  return open(wanted[0]?.tag ?? 'en')
}

/** Browsers send a handful of ranges; how long reading takes is not for a request to choose. */
const MAX_LENGTH = 256

function open(tag: string): Language {
  const known = languages.get(tag)
  if (known) return known
  const texts = LANGUAGES[tag] ?? en
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
