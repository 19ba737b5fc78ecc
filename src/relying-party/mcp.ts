import type { AccessTokenClaims } from '../access-tokens/claims.js'
import { bearerProblem, INSUFFICIENT_SCOPE } from '../access-tokens/errors.js'
import {
  type ResourceMetadata,
  resourceMetadata,
  resourceMetadataPath,
} from '../access-tokens/resource-metadata.js'
import { VerificationError } from './verification-error.js'
import { openTokenVerifier, type TokenRequirement, type VerifierOptions } from './token-verifier.js'

export type { ResourceMetadata } from '../access-tokens/resource-metadata.js'
export { VerificationError } from './verification-error.js'

export interface McpServerOptions extends VerifierOptions {
  /** What people are told that the server is called. */
  readonly name?: string
  /** Scopes that a client needs for a start. It asks for more when `requireToken` refuses a call. */
  readonly scopes?: readonly string[]
}

/** What MCP's SDKs hand to tools: `AuthInfo`. */
export interface McpAuthInfo {
  readonly token: string
  readonly clientId: string
  readonly scopes: string[]
  /** Epoch seconds. */
  readonly expiresAt: number
  readonly resource: URL
  /** All claims of the token; `sub` is the person. */
  readonly extra: AccessTokenClaims & Record<string, unknown>
}

/** Scopes by the names of the tools that need them. */
export type ScopesOfTools = Readonly<Record<string, readonly string[]>>

/** An MCP server whose tokens come from Latchkey. */
export interface McpProtection {
  /** Path of the document, such as `/.well-known/oauth-protected-resource/mcp`. */
  readonly metadataPath: string
  /** What the document says (RFC 9728). */
  readonly metadata: ResourceMetadata
  /**
   * Answers a request for the document, for scripts of any origin too.
   * @example
   * app.get(mcp.metadataPath, () => mcp.protectedResourceMetadata())
   */
  protectedResourceMetadata(): Response
  /**
   * Verifies the token of a request.
   * @param authorization its `Authorization` header.
   * @param scopes those that the request needs, all of them, beside the `scopes` of the server.
   * @returns what the SDK calls `AuthInfo`.
   * @throws {VerificationError} as `Verifier`; its `WWW-Authenticate` says where the document is, and of 401
   * and 403 which scopes to ask for.
   * @example
   * const authInfo = await mcp.requireToken(request.headers.get('authorization'))
   * return handler.fetch(request, { authInfo })
   */
  requireToken(
    authorization: string | null | undefined,
    scopes?: readonly string[],
  ): Promise<McpAuthInfo>
}

/**
 * Protects an MCP server in any framework (MCP authorization, version 2026-07-28): its document says that Latchkey
 * gives out its tokens, and a call without a good token, or with too little scope, gets the challenge that makes a
 * client ask for one.
 * @throws {TypeError} as `createVerifier`.
 * @example
 * const mcp = protectMcpServer({
 *   issuer: 'https://auth.example.com',
 *   resource: 'https://notes.example.com/mcp',
 *   scopes: ['notes:read'],
 * })
 */
export function protectMcpServer({ name, scopes = [], ...of }: McpServerOptions): McpProtection {
  const { issuer, resource } = of
  const verifier = openTokenVerifier(of, assertHeld)
  const metadata = resourceMetadata({ issuer, resource, name, scopes })
  const metadataPath = resourceMetadataPath(resource)
  const metadataUrl = new URL(metadataPath, resource).href

  async function requireToken(
    authorization: string | null | undefined,
    more: readonly string[] = [],
  ): Promise<McpAuthInfo> {
    const needed = [...new Set([...scopes, ...more])]
    try {
      const header = authorization ?? undefined
      return authInfoOf(header, await verifier.verifyHeader(header, { scopes: needed }))
    } catch (error) {
      throw error instanceof VerificationError ? inviting(error, metadataUrl, needed) : error
    }
  }

  return {
    metadataPath,
    metadata,
    protectedResourceMetadata: () => new Response(JSON.stringify(metadata), { headers: HEADERS }),
    requireToken,
  }
}

/**
 * The scopes that a message of a client needs, by the tools that it calls; of a batch, those of all its messages.
 * @param message the body of a POST, parsed.
 * @example
 * await mcp.requireToken(authorization, scopesOfCall(message, { 'write-note': ['notes:write'] }))
 */
export function scopesOfCall(message: unknown, scopes: ScopesOfTools): string[] {
  const messages: readonly unknown[] = Array.isArray(message) ? message : [message]
  const tools = messages.map(toolOf).filter((tool) => Object.hasOwn(scopes, tool))
  return [...new Set(tools.flatMap((tool) => scopes[tool] ?? []))]
}

/** The tool that a message calls; an empty name where it calls none. */
function toolOf(message: unknown): string {
  const { method, params } = (message ?? {}) as { method?: unknown; params?: { name?: unknown } }
  const name = method === 'tools/call' ? params?.name : undefined
  return typeof name === 'string' ? name : ''
}

const HEADERS = {
  'content-type': 'application/json',
  'cache-control': 'public, max-age=300',
  'access-control-allow-origin': '*',
}

/** Roles as scopes, which no client asks for. */
const OF_ROLES: ReadonlySet<string> = new Set(['user', 'admin'])

/**
 * A client of MCP is an app of others, whose person has allowed it this very server: beside the scopes that are needed
 * nothing is.
 */
function assertHeld({ scope }: AccessTokenClaims, { scopes = [] }: TokenRequirement): void {
  const held = scope.split(' ')
  if (scopes.every((name) => held.includes(name))) return
  // What it holds is asked for again: a client that asks for what is missing alone would lose the rest.
  const asked = new Set([...held.filter((name) => !OF_ROLES.has(name)), ...scopes])
  throw bearerProblem(INSUFFICIENT_SCOPE, [...asked].join(' '))
}

/** Bids a client to ask for a token, and says where it learns of whom. */
function inviting(
  error: VerificationError,
  metadataUrl: string,
  scopes: readonly string[],
): VerificationError {
  const challenge = error.headers['www-authenticate']
  if (challenge === undefined) return error
  const wanted = error.status === 401 && scopes.length > 0 ? `, scope="${scopes.join(' ')}"` : ''
  const invitation = `${challenge}${wanted}, resource_metadata="${metadataUrl}"`
  const headers = { ...error.headers, 'www-authenticate': invitation }
  return Object.assign(error, { headers })
}

const authInfoOf = (header = '', claims: AccessTokenClaims): McpAuthInfo => ({
  token: header.replace(/^\S+ +/, ''),
  clientId: claims.client_id,
  scopes: claims.scope.split(' '),
  expiresAt: claims.exp,
  resource: new URL(claims.aud),
  extra: { ...claims },
})
