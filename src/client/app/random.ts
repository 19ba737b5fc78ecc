/** 256 random bits, base64url: 43 characters, as RFC 7636 §4.1 wants of a verifier. */
export const randomText = (): string => base64url(crypto.getRandomValues(new Uint8Array(32)))

/** The S256 challenge of a verifier (RFC 7636 §4.2). @throws {TypeError} where a page has no TLS. */
export async function challengeOf(verifier: string): Promise<string> {
  const { subtle } = crypto as { subtle?: SubtleCrypto }
  if (!subtle) throw new TypeError('Signing in needs https://, or http://localhost.')
  return base64url(
    new Uint8Array(await subtle.digest('SHA-256', new TextEncoder().encode(verifier))),
  )
}

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
