import { createHash } from 'node:crypto'
import type { ApiEvent } from './events.js'
import { headerOf } from './events.js'

const STYLE =
  ':root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}main{max-width:24rem;margin:15vh auto;padding:0 1rem}'

/** A style of its own: the pages' stylesheet comes from the app, which may not have started. */
const STYLE_SOURCE = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`

export interface EdgePage {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * A failure as a page for a person, with a way on, in the words of the other pages. They are loaded by the first
 * that is asked for.
 * @param policy the Content-Security-Policy of other answers.
 */
export async function edgePage(
  status: number,
  event: ApiEvent,
  policy: string | undefined,
): Promise<EdgePage> {
  const { languageOf } = await import('../pages/kit/language.js')
  const { tag, text } = languageOf(headerOf(event, 'accept-language'))
  const isPassing = status === 503
  const title = text(
    isPassing ? 'problem.title.503' : status === 404 ? 'problem.title.404' : 'problem.title',
  )
  const words = text(
    isPassing
      ? 'problem.STORE_UNAVAILABLE'
      : status === 404
        ? 'problem.NOT_FOUND'
        : 'problem.OTHER',
  )
  // An empty reference is the address that was asked for.
  const wayOn = isPassing
    ? `<a class="button" href="">${text('problem.again')}</a>`
    : `<a class="button" href="/dashboard">${text('problem.home')}</a>`
  return {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `${policy};style-src ${STYLE_SOURCE}`,
    },
    body:
      `<!doctype html><html lang="${tag}"><head><meta charset="utf-8">` +
      '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">' +
      `<title>${title}</title><style>${STYLE}</style></head>` +
      `<body><main><h1>${title}</h1><p>${words}</p><p>${wayOn}</p></main></body></html>`,
  }
}
