/**
 * Shares one attempt to make something slow. A failed attempt is forgotten, so that the next caller tries again.
 *
 * @example
 * const pages = onceMade(() => import('./pages.js'))
 */
export function onceMade<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    if (made) return made
    const attempt = make()
    made = attempt
    attempt.catch(() => {
      if (made === attempt) made = undefined
    })
    return attempt
  }
}
