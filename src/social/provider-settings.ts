import * as Type from 'typebox'
import type { Static } from 'typebox'
import { DISPLAY_NAME } from '../lib/display-name.js'

/** VSCHAR of RFC 6749 appendix A.1 and A.2, which `@fastify/oauth2` insists on. */
const Credential = Type.String({
  minLength: 1,
  maxLength: 2048,
  pattern: '^[\\x20-\\x7e]+$',
  description: 'As the provider has given it',
})

/** A whole domain in lower case, an international one in its A-labels. */
const DOMAIN = '^([a-z0-9-]{1,63}\\.)+[a-z0-9-]{2,63}$'

/** What a team writes about a provider in `OAUTH_PROVIDERS`. */
export const ProviderSettings = Type.Object({
  clientId: Credential,
  clientSecret: Credential,
  issuer: Type.Optional(
    Type.String({
      maxLength: 512,
      pattern: "^[\\w\\-.~:/?#[\\]@!$&'()*+,;=%]+$",
      description: 'Exact issuer identifier of the provider',
    }),
  ),
  name: Type.Optional(
    Type.String({ maxLength: 64, pattern: DISPLAY_NAME, description: 'For people' }),
  ),
  tenant: Type.Optional(
    Type.String({
      pattern: '^(common|organizations|consumers|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$',
      description: 'Microsoft tenant: its id, or common, organizations or consumers',
    }),
  ),
  domains: Type.Optional(
    Type.Array(Type.String({ maxLength: 253, pattern: DOMAIN }), {
      maxItems: 100,
      description: 'Domains of e-mail addresses that the provider speaks for, such as acme.example',
    }),
  ),
  emailsVerified: Type.Optional(
    Type.Boolean({ description: 'The issuer gives out no address that it has not verified' }),
  ),
  idTokenSignedResponseAlg: Type.Optional(
    Type.Enum(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'EdDSA'], {
      description: 'The one algorithm of its ID tokens',
    }),
  ),
})
export type ProviderSettings = Static<typeof ProviderSettings>

/** Providers that are known by name, their issuers with them. */
export const PRESET_IDS = ['google', 'microsoft', 'github'] as const

/** An issuer of Microsoft that stands for any of its tenants. */
export const MANY_TENANTS = /\/(common|organizations)\/v2\.0$/
