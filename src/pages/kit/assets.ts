import { createHash } from 'node:crypto'
import type { Brand } from './brand.js'
import { buildAssets } from './built.js'
import { accentOn } from '../../lib/colour.js'

/** A file that pages refer to. Its name has a digest of its content, so that it may be kept for ever. */
export interface Asset {
  readonly path: string
  readonly type: string
  readonly body: string | Buffer
}

export interface Assets {
  readonly style: Asset
  readonly script: Asset
  readonly icon: Asset
  /** Where the team's logo is to be had, if it has one. */
  readonly logo: string | undefined
  find(path: string): Asset | undefined
}

/** The least contrast that text has to anything behind it: the page's own colours, as in `style.css`. */
const LIGHT_PAGE = '#f4f5f8'
const DARK_PAGE = '#1b2028'

export async function makeAssets(brand: Brand): Promise<Assets> {
  const { script, style } = await buildAssets()
  const light = accentOn(brand.accentColour, LIGHT_PAGE)
  const dark = accentOn(brand.accentColour, DARK_PAGE)
  const variables = ({ surface, text, onSurface }: typeof light) =>
    `:root{--accent:${surface};--accent-text:${text};--on-accent:${onSurface}}`
  const scheme = `${variables(light)}@media(prefers-color-scheme:dark){${variables(dark)}}`
  const assets = {
    style: asset('style', 'css', 'text/css; charset=utf-8', scheme + style),
    script: asset('script', 'js', 'text/javascript; charset=utf-8', script),
    icon: asset('icon', 'svg', SVG, icon(light)),
  }
  const logo = typeof brand.logo === 'object' ? logoAsset(brand.logo) : undefined
  const all = [...Object.values(assets), ...(logo ? [logo] : [])]
  return {
    ...assets,
    logo: typeof brand.logo === 'string' ? brand.logo : logo?.path,
    find: (path) => all.find((each) => each.path === path),
  }
}

const SVG = 'image/svg+xml'

const logoAsset = ({ type, bytes }: { readonly type: string; readonly bytes: Buffer }): Asset =>
  asset('logo', type === SVG ? 'svg' : type.slice('image/'.length), type, bytes)

function asset(name: string, extension: string, type: string, body: string | Buffer): Asset {
  const digest = createHash('sha256').update(body).digest('hex').slice(0, 16)
  return { path: `/assets/${name}.${digest}.${extension}`, type, body }
}

/** A latch's keyhole in the team's colour. */
const icon = ({ surface, onSurface }: { surface: string; onSurface: string }): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="${surface}"/><path fill="${onSurface}" d="M16 7a5 5 0 0 0-2.2 9.5L12.4 25h7.2l-1.4-8.5A5 5 0 0 0 16 7z"/></svg>`
