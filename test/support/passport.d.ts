// What the tests use of two packages that have no types of their own.

declare module 'passport' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  type Handler = (
    request: IncomingMessage,
    response: ServerResponse,
    next: (error?: unknown) => void,
  ) => void
  type Verified = (error: unknown, user: unknown, info?: unknown) => void

  export class Passport {
    authenticate(strategy: unknown, options: object, done: Verified): Handler
  }
}

declare module 'passport-openidconnect' {
  import type { IncomingMessage } from 'node:http'

  type Parameters = Record<string, string>

  export interface OAuth2 {
    getOAuthAccessToken(code: string, parameters: Parameters, done: unknown): void
  }

  export interface Profile {
    readonly id: string
    readonly displayName?: string
    readonly emails?: readonly { readonly value: string }[]
  }

  export class Strategy {
    constructor(
      options: object,
      verify: (
        issuer: string,
        profile: Profile,
        context: object,
        idToken: string,
        accessToken: string,
        refreshToken: string,
        parameters: object,
        done: (error: unknown, user?: unknown) => void,
      ) => void,
    )

    /** For subclasses, as the package says. */
    protected _oauth2: OAuth2
    protected authorizationParams(options: object): Parameters
    authenticate(request: IncomingMessage, options: object): void
  }
}
