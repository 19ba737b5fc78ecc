import type { FailurePage } from '../http/errors.js'
import { onceMade } from '../lib/once-made.js'
import type { PageContext } from './kit/context.js'
import type { PagesOptions } from './kit/options.js'

export interface LatePages {
  readonly context: () => Promise<PageContext>
  readonly fail: FailurePage
}

/**
 * What pages are made of (templates, texts, styles), loaded by the first that is asked for: most instances of a
 * function answer programs only.
 */
export function latePages(options: PagesOptions): LatePages {
  const context = onceMade(async () => (await import('./pages.js')).openContext(options))
  const failure = onceMade(async () => {
    const { failureHandler } = await import('./pages.js')
    return failureHandler(await context())
  })
  return { context, fail: async (...failed) => (await failure())(...failed) }
}
