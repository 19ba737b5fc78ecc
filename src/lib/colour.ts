/** Red, green and blue, 0 to 255. */
type Rgb = readonly [number, number, number]

const WHITE: Rgb = [255, 255, 255]
const BLACK: Rgb = [0, 0, 0]

/** WCAG 2.2 §1.4.3 asks for 4.5:1; the rest is room for rounding, and for a tint under the text. */
const AA = 4.8

/** An accent in one colour scheme: as a surface, as text on the page, and the text on the surface. */
export interface Accent {
  readonly surface: string
  readonly text: string
  readonly onSurface: string
}

/**
 * A team's colour where it can be read: left alone where its contrast is AA, else mixed with black or white
 * until it is.
 * @param hex `#rrggbb`.
 * @param page the backgrounds that it stands on, the one with the least contrast included.
 */
export function accentOn(hex: string, page: string): Accent {
  const [colour, background] = [parse(hex), parse(page)]
  const readable = towards(colour, background)
  const onSurface = contrast(readable, WHITE) >= contrast(readable, BLACK) ? WHITE : BLACK
  return { surface: format(readable), text: format(readable), onSurface: format(onSurface) }
}

/** WCAG 2.2, “contrast ratio”: 1 to 21. */
export const contrastOf = (a: string, b: string): number => contrast(parse(a), parse(b))

function towards(colour: Rgb, background: Rgb): Rgb {
  const pole = luminance(background) > 0.18 ? BLACK : WHITE
  for (let share = 0; share < 1; share += 0.02) {
    const mixed = mix(colour, pole, share)
    if (contrast(mixed, background) >= AA) return mixed
  }
  return pole
}

const mix = (colour: Rgb, other: Rgb, share: number): Rgb => {
  const channel = (index: 0 | 1 | 2) =>
    Math.round(colour[index] * (1 - share) + other[index] * share)
  return [channel(0), channel(1), channel(2)]
}

function contrast(a: Rgb, b: Rgb): number {
  const [lighter = 0, darker = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (lighter + 0.05) / (darker + 0.05)
}

/** WCAG 2.2, “relative luminance”. */
function luminance([red, green, blue]: Rgb): number {
  const linear = (value: number) => {
    const part = value / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

function parse(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16)
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255]
}

const format = (colour: Rgb): string =>
  `#${colour.map((value) => value.toString(16).padStart(2, '0')).join('')}`
