import { ConfigError } from './environment.js'
import type { LogoImage } from '../pages/kit/brand.js'

/** Nothing that a browser could take for another site's: `//host` and `/\\host` are such. */
const PATH = /^\/(?![/\\])[\w\-./~%]*$/
const DATA = /^data:(image\/(?:svg\+xml|png|webp));base64,([A-Za-z0-9+/]+={0,2})$/

/**
 * A path of the same origin, or an image in a data URL, which is taken out of it and served under a path of
 * our own: pages show images of their own origin only.
 * @throws {ConfigError}
 */
export function parseLogo(value: string | undefined): string | LogoImage | undefined {
  if (value === undefined || PATH.test(value)) return value
  const [, type, base64] = DATA.exec(value) ?? []
  if (type === undefined || base64 === undefined) {
    throw new ConfigError(
      'BRAND_LOGO: must be a path such as /brand/logo.svg, or data:image/svg+xml;base64,… (or image/png, image/webp).',
    )
  }
  return { type, bytes: Buffer.from(base64, 'base64') }
}

/** @throws {ConfigError} for anything but `https://` and paths: `javascript:` is a URL as well. */
export function parseLink(name: string, value: string | undefined): string | undefined {
  return parseHref(
    value,
    ['https:'],
    `${name}: must be an https:// URL or a path, such as https://example.com/terms.`,
  )
}

/** A link, or an address to write to. @throws {ConfigError} likewise. */
export function parseContact(name: string, value: string | undefined): string | undefined {
  return parseHref(
    value,
    ['https:', 'mailto:'],
    `${name}: must be an https:// URL, a mailto: address or a path, such as mailto:support@example.com.`,
  )
}

function parseHref(
  value: string | undefined,
  protocols: readonly string[],
  sentence: string,
): string | undefined {
  if (value === undefined || PATH.test(value)) return value
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (url && protocols.includes(url.protocol)) return url.href
  throw new ConfigError(sentence)
}
