import { encode } from 'uqr'

/** A QR code (ISO/IEC 18004) as one path, a unit for each module, with the quiet zone of four modules around it. */
export interface QrCode {
  /** Width and height, with the quiet zone. */
  readonly size: number
  /** `d` of an SVG path whose inside is dark. */
  readonly path: string
}

const QUIET_ZONE = 4

function qrCodeOf(text: string): QrCode {
  const { size, data } = encode(text, { ecc: 'M', border: QUIET_ZONE })
  const path = data.flatMap((row, y) => runsOf(row).map(({ x, width }) => bar(x, y, width)))
  return { size, path: path.join('') }
}

/** The same as an image on its own: no script, no style, nothing that it loads. */
export function qrSvgOf(text: string): string {
  const { size, path } = qrCodeOf(text)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges"><rect width="${size}" height="${size}" fill="#fff"/><path d="${path}" fill="#000"/></svg>`
}

const bar = (x: number, y: number, width: number): string => `M${x} ${y}h${width}v1h-${width}z`

/** Dark modules that follow each other. */
function runsOf(row: readonly boolean[]): { x: number; width: number }[] {
  const runs: { x: number; width: number }[] = []
  for (const [x, isDark] of row.entries()) {
    const last = runs.at(-1)
    if (isDark && last && last.x + last.width === x) last.width++
    else if (isDark) runs.push({ x, width: 1 })
  }
  return runs
}
