import type { Assets } from './assets.js'
import type { Brand } from './brand.js'
import type { Language } from './language.js'

/** What every view needs to know of its surroundings. */
export interface View {
  readonly language: Language
  readonly brand: Brand
  readonly assets: Assets
}

/** Something that the page says before all else. */
export interface Notice {
  readonly tone: 'good' | 'bad'
  readonly text: string
}

/** What was refused of a form, by the names of its fields. */
export type FieldErrors = Readonly<Partial<Record<string, string>>>

/** What was typed into a form, to be shown again; never a password. */
export type Values = Readonly<Partial<Record<string, string>>>
