/** What the browser says of a ceremony (WebAuthn §5.8.1), of which nothing is proved yet. */
export interface ClientData {
  readonly challenge?: unknown
  readonly crossOrigin?: unknown
  readonly topOrigin?: unknown
}

/** @returns undefined for what is no JSON object. */
export function readClientData(clientDataJSON: string): ClientData | undefined {
  try {
    const read: unknown = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString())
    return typeof read === 'object' && read !== null ? read : undefined
  } catch {
    return undefined
  }
}

/** The challenge that a ceremony says it answers: what it is worth, its ticket tells. */
export function challengeOf(clientDataJSON: string): string | undefined {
  const { challenge } = readClientData(clientDataJSON) ?? {}
  return typeof challenge === 'string' ? challenge : undefined
}
