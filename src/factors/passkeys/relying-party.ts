/** Who passkeys are made for: a host name, and the one origin whose pages may use them (WebAuthn §4). */
export interface RelyingParty {
  readonly id: string
  readonly origin: string
}
