/** What a call brings along; `calls.ts` says which of it a path has. */
export interface CallInit extends Omit<RequestInit, 'body' | 'method'> {
  readonly params?: {
    readonly path?: Readonly<Record<string, string>>
    readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
  }
  readonly body?: unknown
}

/**
 * The request of one call of the contract.
 * @param path with its parameters in braces, such as `/api/apikeys/{id}`.
 */
export function contractRequest(
  issuer: string,
  method: string,
  path: string,
  { params = {}, body, ...init }: CallInit = {},
): Request {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(params.path?.[name] ?? ''),
  )
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(params.query ?? {})) {
    if (value !== undefined) query.append(name, String(value))
  }
  const headers = new Headers(init.headers)
  if (body !== undefined) headers.set('content-type', 'application/json')
  const search = String(query)
  return new Request(issuer + filled + (search && `?${search}`), {
    ...init,
    method: method.toUpperCase(),
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
}

/** The JSON of a good answer; undefined where it has none. */
export async function contentOf(response: Response): Promise<unknown> {
  const text = await response.text()
  return text === '' ? undefined : JSON.parse(text)
}
