import { accentOn } from '../../lib/colour.js'
import { escapeHtml } from '../../lib/escape-html.js'
import type { Block, Letter } from './blocks.js'

const PAGE = '#f4f5f8'
const CARD = '#ffffff'
const FONT = "font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif"

interface Colours {
  readonly accent: string
  readonly onAccent: string
  readonly link: string
}

/**
 * A mail as HTML: no script, image or style from elsewhere. Mail programs know inline styles alone. `ses:no-track`
 * keeps SES from sending a click by way of itself, which would put a ticket into a URL that a server reads.
 * https://docs.aws.amazon.com/ses/latest/dg/faqs-metrics.html
 */
export function htmlOf(
  letter: Letter,
  { name, accentColour }: { name: string; accentColour: string },
) {
  const { surface, onSurface, text } = accentOn(accentColour, CARD)
  const colours = { accent: surface, onAccent: onSurface, link: text }
  const { language, subject, blocks, foot } = letter
  const lines = (parts: readonly Block[]) =>
    parts.map((block) => htmlOfBlock(block, colours)).join('\n')
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light">
<title>${escapeHtml(subject)}</title>
</head>
<body style="margin:0;padding:24px 12px;background:${PAGE};color:#1a1f29;${FONT}">
<div style="max-width:520px;margin:0 auto;padding:24px;background:${CARD};border-top:4px solid ${surface};border-radius:8px">
<p style="margin:0 0 16px;font-weight:600">${escapeHtml(name)}</p>
<h1 style="margin:0 0 16px;font-size:20px">${escapeHtml(subject)}</h1>
${lines(blocks)}
</div>
<div style="max-width:520px;margin:0 auto;padding:12px 24px;color:#5b6472;font-size:13px">
${lines(foot)}
</div>
</body>
</html>
`
}

function htmlOfBlock(block: Block, { accent, onAccent, link }: Colours): string {
  switch (block.is) {
    case 'paragraph':
      return `<p style="margin:0 0 16px">${escapeHtml(block.text)}</p>`
    case 'facts':
      return `<p style="margin:0 0 16px">${block.rows
        .map(([label, value]) => `${escapeHtml(label)}: <strong>${escapeHtml(value)}</strong>`)
        .join('<br>')}</p>`
    case 'code':
      return `<p style="margin:0 0 4px">${escapeHtml(block.label)}</p>
<p style="margin:0 0 8px;font:600 28px/1.2 ui-monospace,Menlo,Consolas,monospace;letter-spacing:2px">${escapeHtml(block.code)}</p>`
    case 'link': {
      const style = block.isMain
        ? `display:inline-block;padding:10px 18px;border-radius:6px;background:${accent};color:${onAccent};text-decoration:none;font-weight:600`
        : `color:${link}`
      return `<p style="margin:0 0 8px"><a ses:no-track href="${escapeHtml(block.href)}" style="${style}">${escapeHtml(block.label)}</a></p>`
    }
  }
}
