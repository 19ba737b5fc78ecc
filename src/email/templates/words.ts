import type { Language } from '../message.js'
import { de } from './texts/de.js'
import { en, type TextKey, type Texts } from './texts/en.js'

const TEXTS: Readonly<Record<Language, Texts>> = { en, de }

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** What mails say, in one language. */
export class Words {
  readonly language: Language

  constructor(language: Language) {
    this.language = language
  }

  /** A text with its holes filled in. */
  text(key: TextKey, values: Readonly<Record<string, string>> = {}): string {
    const texts = TEXTS[this.language]
    return texts[key].replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
  }

  /** A day and time in UTC. */
  time(iso: string): string {
    const format = new Intl.DateTimeFormat(this.language, {
      dateStyle: 'long',
      timeStyle: 'short',
      timeZone: 'UTC',
    })
    return `${format.format(new Date(iso))} UTC`
  }

  /** Such as “30 minutes”, “24 hours”, “7 days”. */
  duration(milliseconds: number): string {
    if (milliseconds > DAY) return this.#count(milliseconds / DAY, 'day')
    if (milliseconds >= HOUR) return this.#count(milliseconds / HOUR, 'hour')
    return this.#count(milliseconds / MINUTE, 'minute')
  }

  #count(value: number, unit: 'day' | 'hour' | 'minute'): string {
    const style = { style: 'unit', unit, unitDisplay: 'long' } as const
    return new Intl.NumberFormat(this.language, style).format(value)
  }
}
