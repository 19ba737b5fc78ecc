import type { Visit } from './browser.js'

/** A form of a page, as it stands there. */
export interface PageForm {
  /** Absolute. */
  readonly action: string
  /** What it sends as it is: hidden fields, texts with a value, ticked boxes. */
  readonly fields: readonly (readonly [name: string, value: string])[]
  /** Names of all its fields, those without a value included. */
  readonly names: readonly string[]
  readonly buttons: readonly FormButton[]
}

export interface FormButton {
  /** What pressing it sends as well. */
  readonly sends: readonly (readonly [name: string, value: string])[]
  /** Whether it is the one that the page suggests. */
  readonly isMain: boolean
  readonly label: string
}

/** The forms of a page that are sent by POST. */
export function formsOf({ url, text }: Pick<Visit, 'url' | 'text'>): PageForm[] {
  return [...text.matchAll(/<form([^>]*)>(.*?)<\/form>/gs)]
    .map(([, tag = '', content = '']) => ({ attributes: attributesOf(tag), content }))
    .filter(({ attributes }) => attributes.method?.toLowerCase() === 'post')
    .map(({ attributes, content }) =>
      parseForm(new URL(attributes.action ?? url, url).href, content),
    )
}

function parseForm(action: string, content: string): PageForm {
  const inputs = [...content.matchAll(/<input([^>]*)>/g)].map(([, tag = '']) => attributesOf(tag))
  const named = inputs.filter(({ name }) => name !== undefined && name !== '')
  const isSent = ({ type, value, checked }: Attributes) =>
    type === 'checkbox' || type === 'radio' ? checked !== undefined : value !== undefined
  return {
    action,
    names: named.map(({ name = '' }) => name),
    fields: named.filter(isSent).map(({ name = '', value = 'on' }) => [name, value] as const),
    buttons: [...content.matchAll(/<button([^>]*)>(.*?)<\/button>/gs)]
      .map(([, tag = '', label = '']) => ({ attributes: attributesOf(tag), label }))
      .filter(({ attributes }) => (attributes.type ?? 'submit') === 'submit')
      .map(({ attributes: { name, value = '', class: classes = '' }, label }) => ({
        sends: name === undefined ? [] : [[name, value] as const],
        isMain: classes.split(' ').includes('main'),
        label: unescape(label.replace(/<[^>]*>/g, '')).trim(),
      })),
  }
}

type Attributes = Readonly<Record<string, string | undefined>>

const attributesOf = (tag: string): Attributes =>
  Object.fromEntries(
    [...tag.matchAll(/([\w-]+)="([^"]*)"|([\w-]+)/g)].map(([, name, value = '', flag = '']) => [
      (name ?? flag).toLowerCase(),
      unescape(value),
    ]),
  )

const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&#x27;': "'",
  '&amp;': '&',
}

const unescape = (text: string): string =>
  text.replace(/&(?:lt|gt|quot|#39|#x27|amp);/g, (entity) => ENTITIES[entity] ?? entity)
