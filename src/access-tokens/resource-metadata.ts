/** What clients read before they know any server of authorization (RFC 9728 §2). */
export interface ResourceMetadata {
  readonly resource: string
  readonly authorization_servers: readonly string[]
  readonly bearer_methods_supported: readonly string[]
  readonly resource_name?: string
  /** Those that a client begins with; more are asked for once one is missing. */
  readonly scopes_supported?: readonly string[]
}

export interface DescribedResource {
  readonly issuer: string
  /** Identifier of the API. */
  readonly resource: string
  readonly name?: string | undefined
  readonly scopes?: readonly string[] | undefined
}

/** The document by which an API says who gives out its tokens. */
export const resourceMetadata = ({
  issuer,
  resource,
  name,
  scopes,
}: DescribedResource): ResourceMetadata => ({
  resource,
  authorization_servers: [issuer],
  bearer_methods_supported: ['header'],
  ...(name !== undefined && { resource_name: name }),
  ...(scopes && scopes.length > 0 && { scopes_supported: [...scopes] }),
})

const WELL_KNOWN = '/.well-known/oauth-protected-resource'

/** Where an API has its document: before the path of its identifier (RFC 9728 §3.1). */
export function resourceMetadataPath(resource: string): string {
  const { pathname } = new URL(resource)
  return pathname === '/' ? WELL_KNOWN : WELL_KNOWN + pathname
}
