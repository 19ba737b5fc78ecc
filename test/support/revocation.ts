/**
 * A client may authenticate there, and need not: who holds a token may end it, and one that is unknown is gone already
 * (RFC 7009 §2.1, §2.2). OpenAPI describes it as it does routes that refuse a caller without credentials.
 */
export const REVOCATION = '/oauth/revoke'
