/** A URL, or a path, with more in its query: what is undefined is left out, and the rest stays letter for letter. */
export function withQuery(
  url: string,
  added: Readonly<Record<string, string | undefined>>,
): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(added)) {
    if (value !== undefined) query.set(name, value)
  }
  return query.size === 0 ? url : `${url}${url.includes('?') ? '&' : '?'}${query.toString()}`
}
