/** Languages that pages and mails are written in; the first is for those who ask for none of them. */
export const LANGUAGES = ['en', 'de'] as const
export type Language = (typeof LANGUAGES)[number]

/** Browsers send a handful of ranges; how long reading takes is not for a request to choose. */
const MAX_LENGTH = 256

/**
 * The first language of `Accept-Language` that there is, by its weights (RFC 9110 §12.5.4) and the part
 * before the hyphen: `de-AT` is served `de` (RFC 4647 §3.4).
 */
export function acceptedLanguage(header: string | undefined): Language {
  const [first] = (header ?? '')
    .slice(0, MAX_LENGTH)
    .toLowerCase()
    .split(',')
    .map((range) => {
      const [tag = '', ...parameters] = range.split(';').map((part) => part.trim())
      const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
      return { tag: tag.split('-', 1)[0] ?? '', weight: weight === undefined ? 1 : Number(weight) }
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .flatMap(({ tag }) => LANGUAGES.filter((language) => language === tag))
  return first ?? LANGUAGES[0]
}
